// Random imports of one citizen's memberships, held against a naive register: a list of lines, searched end to end.

import { expect } from 'chai';
import fc from 'fast-check';
import { itRandomly } from '../../domain/random.ts';
import { nyBorger, windowDay } from '../../support/domain-model.ts';
import { importMedlemskaber, medlemskabLinje } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

interface Line {
  readonly akasse: string;
  readonly start: number;
  readonly length?: number | undefined;
  readonly efterloen: boolean;
  readonly tilbagekaldt: boolean;
}

const anyLine: fc.Arbitrary<Line> = fc.record({
  akasse: fc.constantFrom('11', '22'),
  start: fc.nat(9),
  length: fc.option(fc.nat(3), { nil: undefined }),
  efterloen: fc.boolean(),
  tilbagekaldt: fc.boolean(),
});
const anyImport = fc.record({ lines: fc.array(anyLine, { maxLength: 4 }), hele: fc.boolean() });

const sameKey = (a: Line, b: Line): boolean => a.akasse === b.akasse && a.start === b.start;

/** Whether two lines that count stand in each other's way. */
const clash = (a: Line, b: Line): boolean =>
  a.start === b.start || (a.start < b.start && a.length !== undefined && a.start + a.length >= b.start);

/** What the register becomes, and how many lines were new, changed, unchanged, recalled; nothing when refused. */
function naive(register: readonly Line[], lines: readonly Line[], hele: boolean) {
  if (lines.some((line, i) => lines.slice(i + 1).some((other) => sameKey(line, other)))) return undefined;
  const before = (line: Line) => register.find((other) => sameKey(line, other));
  const rest = register.filter((line) => !lines.some((other) => sameKey(line, other)));
  const next = [...lines, ...(hele ? rest.map((line) => ({ ...line, tilbagekaldt: true })) : rest)];
  const counting = next.filter(({ tilbagekaldt }) => !tilbagekaldt);
  if (counting.some((a) => counting.some((b) => a !== b && clash(a, b)))) return undefined;
  const nye = lines.filter((line) => !before(line)).length;
  const uaendrede = lines.filter((line) => JSON.stringify(line) === JSON.stringify(before(line))).length;
  const aendrede = lines.length - nye - uaendrede;
  const tilbagekaldte = hele ? rest.filter(({ tilbagekaldt }) => !tilbagekaldt).length : 0;
  return { next, counts: { ok: true, nye, aendrede, uaendrede, tilbagekaldte, frigivne: 0 } };
}

export function importModelPromises(current: CurrentStore): void {
  describe('random imports of memberships', () => {
    itRandomly(
      'count, recall and refuse as the naive register does, and each refusal names a line of the file',
      fc.asyncProperty(fc.array(anyImport, { minLength: 1, maxLength: 6 }), async (imports) => {
        const borger = nyBorger();
        const linjer = (lines: readonly Line[]) =>
          lines.map(({ akasse, start, length, efterloen, tilbagekaldt }, i) =>
            medlemskabLinje(i + 2, borger, akasse, windowDay(start), {
              ...(length !== undefined && { slut: windowDay(start + length) }),
              ...(efterloen && { efterloen: '2027-01-01' }),
              tilbagekaldt,
            }),
          );
        // Whatever earlier runs have left is recalled first, so that only this citizen is counted.
        await importMedlemskaber(current().store, { linjer: [], hele: true });
        let register: readonly Line[] = [];
        for (const { lines, hele } of imports) {
          const expected = naive(register, lines, hele);
          const done = await importMedlemskaber(current().store, { linjer: linjer(lines), hele });
          if (done.ok) {
            expect(done).to.deep.equal(expected?.counts);
            register = expected!.next;
          } else {
            expect(expected, 'refused for nothing').to.equal(undefined);
            expect(done.fejl).to.not.deep.equal([]);
            for (const { linje } of done.fejl) expect(linje).to.be.within(2, lines.length + 1);
          }
        }
        const again = await importMedlemskaber(current().store, { linjer: linjer(register), hele: true });
        expect(again).to.deep.include({ ok: true, nye: 0, aendrede: 0, uaendrede: register.length });
      }),
      60,
    );
  });
}
