// The membership file of the demo world: the named citizens, then a crowd made from a fixed seed.
import { type Dato, dageEfter, maanederEfter } from '../../domain/dato.ts';
import { csvLine } from '../csv.ts';
import { MEDLEMSKAB_COLUMNS } from '../medlemskaber/register.ts';
import { type DemoBorgerNavn, demoBorgere } from './demo-borgere.ts';
import { type Medlemskabslinje, situationer } from './situationer.ts';

/** How many citizens have a line in the file. */
export const BORGERE_IN_FILE = 240;

const SEED = 20220102;
const AKASSER = ['11', '22', '67', '31'] as const;
const EXIT_REASONS = ['S', 'K', 'E', 'U', 'F', 'O', 'B', 'D'] as const;

/** The text of `medlemskaber.csv` today; `merged` is the last day of a-kasse 31. */
export function medlemskaberCsv(today: Dato, merged: Dato): string {
  const named = situationer(today, merged);
  const borgere = (Object.keys(demoBorgere) as DemoBorgerNavn[])
    .filter((navn) => named[navn].length > 0)
    .map((navn) => ({ personnummer: demoBorgere[navn].personnummer as string, linjer: named[navn] }));
  const random = mulberry32(SEED);
  const crowd = BORGERE_IN_FILE - borgere.length;
  for (let i = 0; i < crowd; i++) {
    borgere.push({ personnummer: crowdPersonnummer(i), linjer: crowdMedlemskaber(random, today, merged) });
  }
  const lines = borgere.flatMap(({ personnummer, linjer }) =>
    linjer.map((linje) => toLine(personnummer, linje)),
  );
  return csvLine(MEDLEMSKAB_COLUMNS) + lines.join('');
}

/** 29 February 1961 never was, so no person has these; running numbers above those of the named citizens. */
const crowdPersonnummer = (index: number): string => `290261${String(101 + index).padStart(4, '0')}`;

/** Two in three are members today; the others moved, left or left for efterløn. */
function crowdMedlemskaber(random: () => number, today: Dato, merged: Dato): Medlemskabslinje[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const akasse = pick(AKASSER);
  const start = `${1980 + Math.floor(random() * 30)}-${pick(['01', '04', '09'])}-01`;
  // From here on every number is drawn whatever the situation, so that one more of them moves no other.
  const monthsAgo = 1 + Math.floor(random() * 60);
  const reason = pick(EXIT_REASONS);
  const other = pick(AKASSER.filter((code) => code !== akasse && code !== '31'));
  const situation = random();
  // Nobody leaves an a-kasse that is no more; its members left while it was there.
  const slut = maanederEfter(akasse === '31' ? merged : today, -monthsAgo);

  if (situation < 0.66) return [{ akasse, start }];
  if (situation < 0.76) {
    return [
      { akasse, start, slut, afgangsaarsag: 'A' },
      { akasse: other, start: dageEfter(slut, 1) },
    ];
  }
  if (situation < 0.88) return [{ akasse, start, slut, afgangsaarsag: 'U', efterloen: dageEfter(slut, 1) }];
  return [{ akasse, start, slut, afgangsaarsag: reason }];
}

function toLine(personnummer: string, linje: Medlemskabslinje): string {
  const { akasse, start, slut = '', afgangsaarsag = '', efterloen = '', tilbagekaldt = false } = linje;
  return csvLine([personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt ? 'true' : '']);
}

/** A small generator of numbers in [0, 1), the same for the same seed on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
