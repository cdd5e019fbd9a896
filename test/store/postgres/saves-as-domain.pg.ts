// The Save of the database decides as the domain does, step by step through random histories: the same refusal, or the
// same version with the same besked; and the same digest of what the version says, whatever is in its header.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type pg from 'pg';
import { findModtager } from '../../../src/domain/besked-modtager.ts';
import type { Dato } from '../../../src/domain/dato.ts';
import { type Forloeb, type ForloebId, forloebId, type Tilstand } from '../../../src/domain/forloeb.ts';
import type { AkasseKode, Medlemskab } from '../../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { decideSave } from '../../../src/domain/save.ts';
import { indholdDigest } from '../../../src/store/indhold.ts';
import { type ForloebRow, toForloeb, toRow } from '../../../src/store/kept/tilstand.ts';
import { itRandomly } from '../../domain/random.ts';
import { nyBorger, WINDOW, windowDay } from '../../support/domain-model.ts';
import { IDAG, NU } from '../../support/store-fixtures.ts';
import { connect, emptyStore } from './direct.ts';

const anyDag = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...(['0001-01-01', '0001-01-02', '9999-12-30'] as Dato[])) },
  { weight: 1, arbitrary: fc.constant('9999-12-31' as Dato) },
  { weight: 8, arbitrary: fc.integer({ min: 0, max: WINDOW - 1 }).map(windowDay) },
);
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

const anyTilstand: fc.Arbitrary<Tilstand> = fc
  .record({
    overgang: seldom(
      fc.record({ overgangsdato: anyDag, afgoerelsesdato: anyDag, ophoersdato: seldom(anyDag) }),
    ),
    kompensation: fc.option(fc.record({ afgoerelsesdato: anyDag }), { nil: undefined, freq: 1 }),
  })
  .map(({ overgang, kompensation }) => ({
    ...(overgang && {
      overgang: {
        overgangsdato: overgang.overgangsdato,
        afgoerelsesdato: overgang.afgoerelsesdato,
        ...(overgang.ophoersdato && { ophoersdato: overgang.ophoersdato }),
      },
    }),
    ...(kompensation && { kompensation }),
  }));

/** Every character that JSON escapes, those it might, and some that take several bytes. NUL is in no XML. */
const TELLING = [
  ...Array.from({ length: 0x21 }, (_, code) => String.fromCharCode(code || 0x7f)),
  ...[
    '"',
    '\\',
    '/',
    '\\u0041',
    "'",
    '<',
    '&',
    '%',
    'æøå',
    'ÆØÅ',
    'é',
    'e\u0301',
    '\u0080',
    '\u009f',
    '\u00a0',
  ],
  ...['\u2028', '\u2029', '\ufeff', '\uffff', '😀', '👩‍👩‍👧', '\u{10ffff}', '"}', 'null'],
];
const anyText = fc.array(fc.constantFrom(...TELLING), { maxLength: 8 }).map((parts) => parts.join(''));

/** Each citizen has one of these for its memberships: told at once, or waiting. */
const REGISTERS: readonly (readonly Medlemskab[])[] = [
  [],
  [{ akasse: '31' as AkasseKode, start: '2020-01-01' as Dato, tilbagekaldt: false }],
  [
    {
      akasse: '11' as AkasseKode,
      start: '2020-01-01' as Dato,
      slut: '2020-01-01' as Dato,
      tilbagekaldt: false,
    },
  ],
];
const AFLOESERE = { 31: '67' as AkasseKode };

const anySave = fc.record({
  borger: fc.nat(2),
  /** One of five identifiers that all citizens share, or none. */
  named: fc.option(fc.nat(4), { nil: undefined, freq: 4 }),
  tilstand: anyTilstand,
  text: anyText,
});
const anyHistory = fc.array(anySave, { minLength: 1, maxLength: 40, size: 'max' });

describe('the Save of the PostgreSQL database', () => {
  let client: pg.Client;
  before(async () => {
    client = await connect(await emptyStore());
  });
  after(() => client.end());

  itRandomly(
    'refuses, numbers, tells and digests as the domain does',
    fc.asyncProperty(anyHistory, async (history) => {
      const borgere = REGISTERS.map(() => nyBorger());
      const ids = Array.from({ length: 5 }, () => forloebId(randomUUID()));
      const steps = history.map(({ borger, named, tilstand, text }, step) => ({
        step,
        borger,
        personnummer: borgere[borger]!,
        ...(named !== undefined && { forloebId: ids[named]! }),
        nytId: forloebId(randomUUID()),
        messageIdentifier: randomUUID(),
        metadata: JSON.stringify({ navn: text, id: step }),
        text,
        tilstand,
      }));
      const kept = new Kept();
      const expected = steps.map((step) => kept.decide(step));
      await client.query('BEGIN');
      try {
        const found = await saved(client, borgere, steps);
        expect(found).to.deep.equal(expected);
        for (const borger of borgere) {
          const { rows } = await client.query<{ af: ForloebRow[] }>('SELECT forloeb_af($1) AS af', [borger]);
          expect(rows[0]!.af.map(toForloeb)).to.have.deep.members(
            kept.ofBorger(borger).map(({ forloebId: id, nr, version, overgang, kompensation }) => ({
              forloebId: id,
              nr,
              version,
              ...(overgang && { overgang }),
              ...(kompensation && { kompensation }),
            })),
          );
        }
      } finally {
        await client.query('ROLLBACK');
      }
    }),
    60,
  );
});

interface Step {
  readonly step: number;
  readonly borger: number;
  readonly personnummer: Personnummer;
  readonly forloebId?: ForloebId;
  readonly nytId: ForloebId;
  readonly messageIdentifier: string;
  /** What is kept as the header of the Save, and a name that is in it. */
  readonly metadata: string;
  readonly text: string;
  readonly tilstand: Tilstand;
}

/** What the domain makes of one Save after the other. */
class Kept {
  readonly #owners = new Map<ForloebId, Personnummer>();
  readonly #forloeb = new Map<Personnummer, Forloeb[]>();

  ofBorger(personnummer: Personnummer): Forloeb[] {
    return this.#forloeb.get(personnummer) ?? [];
  }

  decide({ borger, personnummer, forloebId: id, nytId, messageIdentifier, metadata, text, tilstand }: Step) {
    const ejer = id && this.#owners.get(id);
    const decision = decideSave(
      { personnummer, ...(id && { forloebId: id }), ...tilstand },
      { borgersForloeb: this.ofBorger(personnummer), nytId, ...(ejer && { ejer }) },
    );
    const entry = { fejlkode: null, forloeb: null, version: null, modtager: null, aarsag: null };
    if (!decision.ok) return { ...entry, fejlkode: decision.fejl.kode, navn: text, indhold: null, nr: null };
    const { forloebId: given, nr, version, registrationType } = decision.value;
    const others = this.ofBorger(personnummer).filter(({ forloebId: other }) => other !== given);
    this.#forloeb.set(personnummer, [...others, decision.value]);
    this.#owners.set(given, personnummer);
    const { akasse = null, aarsag } = findModtager(REGISTERS[borger]!, IDAG, AFLOESERE);
    const says = { forloebId: given, version, indberettet: NU.toISOString(), messageIdentifier };
    const indhold = indholdDigest({ ...says, requestUserMetadata: metadata, ...toRow(tilstand) });
    return {
      ...entry,
      forloeb: given,
      nr,
      version,
      modtager: akasse,
      aarsag,
      navn: text,
      indhold,
      besked: [messageIdentifier, registrationType, akasse, aarsag, akasse && NU.toISOString()],
    };
  }
}

/** Has the database save one after the other, in one statement; gives what each has left. */
async function saved(client: pg.Client, borgere: readonly Personnummer[], steps: readonly Step[]) {
  const register = borgere.flatMap((personnummer, at) =>
    REGISTERS[at]!.map((medlemskab) => ({ personnummer, ...medlemskab })),
  );
  await client.query('INSERT INTO medlemskab SELECT * FROM json_populate_recordset(NULL::medlemskab, $1)', [
    JSON.stringify(register),
  ]);
  const asked = steps.map(({ tilstand, text, metadata, step, ...names }) => ({
    step,
    ...names,
    ...toRow(tilstand),
    metadata,
    entry: {
      tidspunkt: NU.toISOString(),
      correlation_id: `step ${step}`,
      operation: 'SaveTidligPension',
      udfald: 'udfoert',
      user_full_name: text,
      personnummer: names.personnummer,
    },
  }));
  await client.query(
    `SELECT FROM json_to_recordset($1) AS s (step integer, personnummer text, "forloebId" text, "nytId" text,
              overgangsdato date, afgoerelsesdato date, ophoersdato date, kompensationsafgoerelsesdato date,
              "messageIdentifier" text, metadata text, entry json)
            CROSS JOIN LATERAL save_tidlig_pension(personnummer, "forloebId", "nytId", overgangsdato, afgoerelsesdato,
              ophoersdato, kompensationsafgoerelsesdato, "messageIdentifier", $2, metadata, $3, $2, $4, entry)`,
    [JSON.stringify(asked), NU.toISOString(), IDAG, JSON.stringify(AFLOESERE)],
  );
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  const { rows } = await client.query(
    `SELECT i.fejlkode, i.forloeb_id AS forloeb, i.version, i.modtager, i.modtager_aarsag AS aarsag,
            i.user_full_name AS navn, i.detaljer::json ->> 'indhold' AS indhold, f.nr,
            json_build_array(b.message_identifier, b.registration_type, b.modtager, b.modtager_aarsag, b.event_date) AS besked
       FROM audit_intake AS i LEFT JOIN besked AS b USING (personnummer, forloeb_id, version)
            LEFT JOIN forloeb AS f ON f.personnummer = i.personnummer AND f.forloeb_id = i.forloeb_id
      ORDER BY i.nr`,
  );
  return rows.map(({ besked, ...row }) => (row.fejlkode === null ? { ...row, besked } : row));
}
