// The functions of the database decide as the domain does: the same refusal, version, recipient, reason and verdict for
// the same random state, and the same digest of what a version says.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type pg from 'pg';
import { findModtager } from '../../../src/domain/besked-modtager.ts';
import { type Dato, dageEfter, maanederEfter } from '../../../src/domain/dato.ts';
import { decideLaeseadgang, type Laeseadgang } from '../../../src/domain/laeseadgang.ts';
import type { Afloesere, AkasseKode, Medlemskab } from '../../../src/domain/medlemskab.ts';
import { FUSIONER } from '../../domain/medlemskaber.ts';
import { itRandomly } from '../../domain/random.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { NU } from '../../support/store-fixtures.ts';
import { connect, emptyStore } from './direct.ts';

/** Days at which calendars go wrong. */
const EDGES = [
  ...['0001-01-01', '0001-01-02', '2020-02-29', '2023-02-28', '2023-03-01', '2023-08-31', '2023-12-31'],
  ...['2024-02-28', '2024-02-29', '2024-03-01', '2026-08-30', '2026-08-31', '2026-11-22', '2027-03-31'],
  ...['9996-06-30', '9999-12-30', '9999-12-31'],
] as string[] as Dato[];

const anyDag = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.integer({ min: -12, max: 12 }).map((n) => dageEfter('2026-11-22' as Dato, n)),
);
const anyKode = fc.constantFrom('11', '30', '31', '67', '73') as fc.Arbitrary<AkasseKode>;
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const anyMedlemskab: fc.Arbitrary<Medlemskab> = fc
  .record({
    akasse: anyKode,
    start: anyDag,
    slut: seldom(anyDag),
    efterloen: fc.option(anyDag, { nil: undefined }),
    tilbagekaldt: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  })
  .map(({ slut, efterloen, ...rest }) => ({
    ...rest,
    ...(slut !== undefined && { slut: slut < rest.start ? rest.start : slut }),
    ...(efterloen !== undefined && { efterloen }),
  }));

/** Memberships as the register holds and gives them: one for each a-kasse and start, by start and a-kasse. */
const anyRegister = fc
  .uniqueArray(anyMedlemskab, { maxLength: 5, selector: ({ akasse, start }) => `${start} ${akasse}` })
  .map((found) => found.toSorted((a, b) => (`${a.start} ${a.akasse}` < `${b.start} ${b.akasse}` ? -1 : 1)));

/** "Today": any day, or around the last one on which a former a-kasse may read. */
const anyCase = fc
  .record({
    medlemskaber: anyRegister,
    idag: anyDag,
    about: fc.option(fc.record({ which: fc.nat(4), days: fc.integer({ min: -1, max: 1 }) })),
    afloesere: fc.constantFrom<Afloesere>({}, FUSIONER),
    akasse: anyKode,
    tidligereMaaneder: fc.constantFrom(0, 1, 6, 42, 1_200),
    alle: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  .map(({ about, alle, akasse, tidligereMaaneder, ...found }) => {
    const slut = about && found.medlemskaber[about.which]?.slut;
    const last = slut && maanederEfter(slut, tidligereMaaneder);
    const isInside = last && last > '0001-01-01' && last < '9999-12-31';
    const idag = isInside ? dageEfter(last, about!.days) : found.idag;
    const adgang: Laeseadgang = alle
      ? { omfang: 'alle' }
      : { omfang: 'egne-medlemmer', akasse, tidligereMaaneder, afloesere: found.afloesere };
    return { ...found, idag, adgang };
  });

type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

describe('the functions of the PostgreSQL database', () => {
  let client: pg.Client;
  before(async () => {
    client = await connect(await emptyStore());
  });
  after(() => client.end());

  /** Puts many cases to the database at once: each is a citizen, and nothing of it stays. */
  async function judged(cases: readonly Case[]): Promise<unknown[]> {
    const entry = { tidspunkt: NU.toISOString(), correlation_id: randomUUID(), udfald: 'udfoert' };
    const asked = cases.map(({ medlemskaber: _, ...rest }, nr) => ({
      nr,
      personnummer: nyBorger(),
      ...rest,
      entry: { ...entry, operation: 'GetTidligPension', detaljer: JSON.stringify({ nr }) },
    }));
    const register = cases.flatMap(({ medlemskaber }, at) =>
      medlemskaber.map((medlemskab) => ({ ...medlemskab, personnummer: asked[at]!.personnummer })),
    );
    await client.query('BEGIN');
    try {
      await client.query(
        'INSERT INTO medlemskab SELECT * FROM json_populate_recordset(NULL::medlemskab, $1)',
        [JSON.stringify(register)],
      );
      const { rows } = await client.query(
        `SELECT m.akasse, m.aarsag, maa_laese(personnummer, idag, adgang) AS laeser, g.forloeb IS NOT NULL AS given
           FROM json_to_recordset($1) AS c
                (nr integer, personnummer text, idag date, afloesere json, adgang json, entry json)
                CROSS JOIN LATERAL find_modtager(personnummer, idag, afloesere) AS m
                CROSS JOIN LATERAL get_tidlig_pension(personnummer, idag, adgang, entry) AS g
          ORDER BY c.nr`,
        [JSON.stringify(asked)],
      );
      const entries = await client.query<{ fejlkode: number | null }>(
        "SELECT fejlkode FROM audit_intake ORDER BY (detaljer::json ->> 'nr')::integer",
      );
      return rows.map((row, at) => ({ ...row, fejlkode: entries.rows[at]!.fejlkode }));
    } finally {
      await client.query('ROLLBACK');
    }
  }

  itRandomly(
    'name the same recipient and reason, and let the same callers read, as the domain',
    fc.asyncProperty(fc.array(anyCase, { minLength: 1, maxLength: 100, size: 'max' }), async (cases) => {
      expect(await judged(cases)).to.deep.equal(
        cases.map(({ medlemskaber, idag, afloesere, adgang }) => {
          const { akasse = null, aarsag } = findModtager(medlemskaber, idag, afloesere);
          const { ok } = decideLaeseadgang(adgang, medlemskaber, idag);
          return { akasse, aarsag, laeser: ok, given: ok, fejlkode: ok ? null : 4575 };
        }),
      );
    }),
    40,
  );
});
