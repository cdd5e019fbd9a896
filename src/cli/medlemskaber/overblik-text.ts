// The overview of a citizen's memberships in words, for people who have to explain what the service did.

import type { ModtagerAarsag } from '../../domain/besked-modtager.ts';
import { type Afloesere, type AkasseKode, sidsteAfloeser } from '../../domain/medlemskab.ts';
import type { Laeser, MedlemskabOverblik, Post } from '../../domain/medlemskab-overblik.ts';
import type { RegistreretMedlemskab } from '../../store/store.ts';
import { AFGANGSAARSAGER } from './afgangsaarsager.ts';

/** What the words need beside the overview. */
export interface Ordforklaring {
  /** The personnummer as it may be shown. */
  readonly borger: string;
  readonly afloesere: Afloesere;
  readonly tidligereMaaneder: number;
  /** What the a-kasse is called, where that is known. */
  navnAf(akasse: AkasseKode): string | undefined;
}

/** The whole explanation, some lines of text. */
export function overblikText(
  overblik: MedlemskabOverblik<RegistreretMedlemskab>,
  ord: Ordforklaring,
): string {
  const akasse = (kode: AkasseKode): string => [kode, ord.navnAf(kode)].filter(Boolean).join(' ');
  const nuvaerende = overblik.poster.find(({ stilling }) => stilling === 'nuvaerende');
  return [
    `${ord.borger} on ${overblik.idag}`,
    '',
    `Current a-kasse: ${nuvaerende === undefined ? 'none' : `${akasse(nuvaerende.medlemskab.akasse)}, from ${nuvaerende.medlemskab.start}, ${endOf(nuvaerende)}`}`,
    '',
    overblik.poster.length === 0 ? 'No memberships are registered.' : 'Memberships, as registered:',
    ...overblik.poster.flatMap((post) => [...postLines(post, akasse, ord.afloesere)]),
    '',
    `Told about a Save now: ${toldText(overblik.modtager.aarsag, overblik.modtager.akasse && akasse(overblik.modtager.akasse))}`,
    '',
    ...readingLines(overblik.laesere, akasse, ord.tidligereMaaneder),
    '',
  ].join('\n');
}

/** Until when a membership lasts, and why just then. */
function endOf({ slut, lukketAf }: Post<RegistreretMedlemskab>): string {
  if (slut === undefined) return 'without an end';
  if (lukketAf === undefined) return `until ${slut}, its registered end`;
  return `until ${slut}, closed by the next membership (${lukketAf.akasse} from ${lukketAf.start})`;
}

const STILLING = {
  tilbagekaldt: 'recalled: it does not count',
  kommende: 'begins later',
  nuvaerende: 'current',
  tidligere: 'previous',
} as const;

function* postLines(
  post: Post<RegistreretMedlemskab>,
  akasse: (kode: AkasseKode) => string,
  afloesere: Afloesere,
): Generator<string> {
  const { medlemskab, stilling } = post;
  const { start, slut, afgangsaarsag, efterloen } = medlemskab;
  yield `  ${akasse(medlemskab.akasse)}, ${start} to ${slut ?? '(no end)'}: ${STILLING[stilling]}`;
  if (stilling !== 'tilbagekaldt') yield `    lasts ${endOf(post)}`;
  if (afgangsaarsag !== undefined)
    yield `    exit reason ${afgangsaarsag} (${AFGANGSAARSAGER[afgangsaarsag] ?? 'unknown'})`;
  if (efterloen !== undefined) yield `    transition to efterløn ${efterloen}`;
  const afloeser = sidsteAfloeser(medlemskab.akasse, afloesere);
  if (afloeser !== medlemskab.akasse) yield `    merged: ${akasse(afloeser)} stands in its place`;
}

function toldText(aarsag: ModtagerAarsag, akasse: string | undefined): string {
  switch (aarsag) {
    case 'nuvaerende-akasse':
      return `${akasse}, as the current a-kasse`;
    case 'seneste-akasse-med-efterloen':
      return `${akasse}; there is no current a-kasse, and the latest previous membership has a date of efterløn`;
    case 'seneste-akasse-uden-efterloen':
      return 'nobody yet, the besked waits; there is no current a-kasse, and the latest previous membership has no date of efterløn';
    case 'intet-medlemskab':
      return 'nobody yet, the besked waits; no membership that counts has begun';
  }
}

function* readingLines(
  laesere: readonly Laeser[],
  akasse: (kode: AkasseKode) => string,
  tidligereMaaneder: number,
): Generator<string> {
  if (laesere.length === 0) {
    yield 'No a-kasse may read.';
    return;
  }
  yield 'May read, as things stand:';
  for (const { akasse: kode, som, til } of laesere) {
    const as = som === 'nuvaerende' ? 'as the current a-kasse' : 'as a former a-kasse';
    yield `  ${akasse(kode)}, ${as}, ${til === undefined ? 'without an end' : `until ${til}`}`;
  }
  yield `A former a-kasse may read for ${tidligereMaaneder} calendar months after the membership ended, while there is no current a-kasse.`;
}
