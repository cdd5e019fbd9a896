// The demo memberships can be imported, and show every situation that the rules tell apart.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type DemoBorgerNavn, demoBorgere } from '../../../src/cli/world/demo-borgere.ts';
import { BORGERE_IN_FILE, medlemskaberCsv } from '../../../src/cli/world/medlemskaber.ts';
import { mergerDate } from '../../../src/cli/world/organisationer.ts';
import { type Dato, dageEfter, maanederEfter } from '../../../src/domain/dato.ts';

const XSD = readFileSync(new URL('../../../xsd/PensionService.xsd', import.meta.url), 'utf8');
const REASONS = ['', 'S', 'K', 'E', 'U', 'A', 'F', 'O', 'B', 'D'];
// Days on which a month earlier or 42 months earlier has fewer days, and quiet ones.
const DAYS = [
  '2026-11-22',
  '2026-08-31',
  '2028-02-29',
  '2026-12-31',
  '2027-01-01',
  '2026-03-01',
  '2027-03-31',
] as readonly string[] as readonly Dato[];

type Line = Record<
  'personnummer' | 'akasse' | 'start' | 'slut' | 'afgangsaarsag' | 'efterloen' | 'tilbagekaldt',
  string
>;

function linesOf(today: Dato): Line[] {
  const [header, ...rows] = medlemskaberCsv(today, mergerDate(today)).trimEnd().split('\n');
  const names = header!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((value, i) => [names[i]!, value])) as Line);
}

/** A citizen's memberships that count, by start, each with its effective end (empty when open). */
function effective(lines: readonly Line[], personnummer: string) {
  const own = lines.filter((line) => line.personnummer === personnummer && line.tilbagekaldt === '');
  own.sort((a, b) => (a.start < b.start ? -1 : 1));
  return own.map((line, i) => {
    const next = own[i + 1];
    return { ...line, end: (line.slut || (next ? dageEfter(next.start as Dato, -1) : '')) as Dato };
  });
}

/** What the rules make of a citizen: `11` now, `-11` before, `-11e` before with efterløn, nothing. */
function standing(lines: readonly Line[], navn: DemoBorgerNavn, today: string): string {
  const own = effective(lines, demoBorgere[navn].personnummer);
  const current = own.find(({ start, end }) => start <= today && (end === '' || today <= end));
  if (current) return current.akasse;
  const previous = own.filter(({ end }) => end !== '' && end < today).at(-1);
  return previous ? `-${previous.akasse}${previous.efterloen ? 'e' : ''}` : '';
}

describe('the memberships of a demo world', () => {
  for (const today of DAYS) {
    describe(`made on ${today}`, () => {
      const lines = linesOf(today);

      it('are of 240 citizens, each with a personnummer of the published pattern', () => {
        const type = XSD.slice(XSD.indexOf('name="PersonCivilRegistrationIdentifierType"'));
        const pattern = new RegExp(`^(${/pattern value="([^"]+)"/.exec(type)![1]})$`);
        const borgere = new Set(lines.map(({ personnummer }) => personnummer));
        expect(borgere.size).to.equal(BORGERE_IN_FILE).and.to.equal(240);
        for (const personnummer of borgere)
          expect(personnummer)
            .to.match(pattern)
            .and.not.match(/^0{10}$/);
      });

      it('keep every rule of the import', () => {
        const keys = lines.map(({ personnummer, akasse, start }) => `${personnummer} ${akasse} ${start}`);
        expect(new Set(keys).size).to.equal(keys.length);
        for (const line of lines) {
          expect(['11', '22', '31', '67']).to.include(line.akasse);
          expect(REASONS).to.include(line.afgangsaarsag);
          expect(['', 'true']).to.include(line.tilbagekaldt);
          expect(line.start).to.match(/^\d{4}-\d{2}-\d{2}$/);
          expect(`${line.slut} ${line.efterloen}`).to.match(/^(\d{4}-\d{2}-\d{2})? (\d{4}-\d{2}-\d{2})?$/);
          if (line.slut) expect(line.start <= line.slut, JSON.stringify(line)).to.equal(true);
        }
        for (const personnummer of new Set(lines.map((line) => line.personnummer))) {
          const own = effective(lines, personnummer);
          own.slice(1).forEach((next, i) => {
            expect(own[i]!.end < next.start, personnummer).to.equal(true);
          });
        }
      });

      it('place each named citizen where its situation says', () => {
        const place = (navn: DemoBorgerNavn) => [navn, standing(lines, navn, today)];
        const places = Object.fromEntries((Object.keys(demoBorgere) as DemoBorgerNavn[]).map(place));
        expect(places).to.deep.equal({
          medlem11: '11',
          medlem22: '22',
          medlem67: '67',
          flyttet: '22',
          flyttetUdenSlut: '67',
          tidligereMedEfterloen: '-11e',
          tidligereUdenEfterloen: '-11',
          tidligereFremtidigtEfterloen: '-22e',
          medlemMedEfterloen: '22',
          tidligereUnder42: '-11',
          tidligerePraecis42: '-11',
          tidligereOver42: '-11',
          tilbagekaldt: '',
          tilbagekaldtGenaabner: '11',
          fusioneret: '31',
          tidligereFusioneret: '-31e',
          fremtidig: '',
          tidligereOgFremtidig: '-11',
          sammeAkasseToGange: '11',
          aldrig: '',
          slutterIDag: '11',
          begynderIDag: '22',
          flyttetFraFusioneret: '11',
          sluttede: '-67',
          flytter: '11',
        } satisfies Record<DemoBorgerNavn, string>);
      });

      it('stand on both sides of the 42 months and of the coming day', () => {
        const end = (navn: DemoBorgerNavn) => effective(lines, demoBorgere[navn].personnummer)[0]!.end;
        expect(maanederEfter(end('tidligerePraecis42'), 42) >= today).to.equal(true);
        expect(maanederEfter(end('tidligereOver42'), 42) < today).to.equal(true);
        expect(end('tidligereOver42')).to.equal(dageEfter(end('tidligerePraecis42'), -1));
        expect(maanederEfter(end('tidligereUnder42'), 42) > today).to.equal(true);
        expect(end('slutterIDag')).to.equal(today);
        const ahead = lines.filter(({ personnummer, start }) => start > today && personnummer < '2902610100');
        expect(ahead.map(({ personnummer }) => personnummer)).to.deep.equal([
          demoBorgere.fremtidig.personnummer,
          demoBorgere.tidligereOgFremtidig.personnummer,
        ]);
        const efterloen = lines.find(
          (l) => l.personnummer === demoBorgere.tidligereFremtidigtEfterloen.personnummer,
        );
        expect(efterloen!.efterloen > today).to.equal(true);
      });
    });
  }

  it('are the same each time they are made on a day', () => {
    expect(linesOf('2026-11-22' as Dato)).to.deep.equal(linesOf('2026-11-22' as Dato));
  });

  it('have citizens who keep their a-kasse whatever the day, and every exit reason', () => {
    const first = linesOf('2026-11-22' as Dato);
    const later = linesOf('2027-05-03' as Dato);
    const codes = (lines: Line[]) => lines.map(({ personnummer, akasse }) => `${personnummer} ${akasse}`);
    expect(codes(later)).to.deep.equal(codes(first));
    expect([...new Set(first.map((line) => line.afgangsaarsag))].sort()).to.deep.equal([...REASONS].sort());
  });

  it('are of nobody: every number is 29 February 1961, a day that never was', () => {
    for (const { personnummer } of linesOf('2026-11-22' as Dato)) expect(personnummer).to.match(/^290261/);
    for (const { personnummer } of Object.values(demoBorgere)) expect(personnummer).to.match(/^290261/);
  });

  it('name the demo citizens in the order of their running numbers', () => {
    Object.values(demoBorgere).forEach(({ personnummer, situation }, i) => {
      const n = String(i + 1).padStart(2, '0');
      expect(personnummer).to.equal(`29026100${n}`);
      expect(situation).to.match(/\.$/);
    });
  });
});
