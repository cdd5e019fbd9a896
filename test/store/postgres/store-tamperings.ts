// Every kind of tampering that a verification of a store on PostgreSQL must name: what is done, which checks fail, and
// what is said.

import type pg from 'pg';

/** The forløb of a store by what became of their beskeder, and the sequence that was terminated. */
export type Ids = Readonly<Record<'delivered' | 'open' | 'waiting' | 'other' | 'terminated', string>>;

/** What is done, which checks fail, and what is said, with the names of the forløb for their identifiers. */
type Tampering = readonly [what: string, sql: string, failing: string, says: RegExp];

/**
 * Works on a database as its owner, who knows SQL, in the transaction of the caller: no rule is in the way, and all of
 * them are there afterwards; but where rows are against a rule, PostgreSQL keeps in mind that it has not looked at them.
 */
export async function tamper(client: pg.ClientBase, sql: string): Promise<void> {
  const { rows: rules } = await client.query<{ tbl: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS tbl, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE connamespace = 'pension'::regnamespace AND contype IN ('f', 'c') AND conrelid <> 0`,
  );
  const { rows: tables } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'pension'::regnamespace AND relkind = 'r'",
  );
  const each = (made: readonly string[]): Promise<unknown> => client.query(made.join('; '));
  await each(rules.map(({ tbl, name }) => `ALTER TABLE ${tbl} DROP CONSTRAINT ${name}`));
  await each(tables.map(({ name }) => `ALTER TABLE ${name} DISABLE TRIGGER USER`));
  await client.query(sql);
  await each(tables.map(({ name }) => `ALTER TABLE ${name} ENABLE TRIGGER USER`));
  const adds = rules.map(
    ({ tbl, name, definition }) => `ALTER TABLE ${tbl} ADD CONSTRAINT ${name} ${definition}`,
  );
  await client.query('SAVEPOINT adding');
  await each(adds).catch(async () => {
    await client.query('ROLLBACK TO SAVEPOINT adding');
    for (const add of adds) {
      await client.query('SAVEPOINT adding');
      await client.query(add).catch(() => client.query(`ROLLBACK TO SAVEPOINT adding; ${add} NOT VALID`));
    }
  });
}

const GUID = '0a1b2c3d-0000-4000-8000-000000000001';

/** All of them, on such a store. */
export function tamperings(ids: Ids): readonly Tampering[] {
  const of = (id: keyof Ids, version?: number): string =>
    `forloeb_id = '${ids[id]}'${version === undefined ? '' : ` AND version = ${version}`}`;
  /** A row like another but for some columns, as a JSON object. */
  const copy = (table: string, where: string, changes: string): string =>
    `INSERT INTO ${table} SELECT n.* FROM ${table} AS t, LATERAL json_populate_record(t, ${changes}) AS n WHERE t.${where.replace(' AND ', ' AND t.')}`;
  const days = (id: keyof Ids, from: string, to: string): string =>
    ['forloeb', 'forloeb_version']
      .map(
        (table) => `UPDATE ${table} SET overgangsdato = ${from}, afgoerelsesdato = '2025-12-01',
                         ophoersdato = ${to} WHERE ${of(id)}`,
      )
      .join(';');
  const otherThan = /version 1: it does not say what audit entry \d+ says it did/;
  return [
    [
      'a forløb that stands at an older version',
      `UPDATE forloeb SET version = 1 WHERE ${of('open')}`,
      'I1',
      /forløb ID-open: it stands at version 1; its latest is 2/,
    ],
    [
      'a version that says something else',
      `UPDATE forloeb_version SET kompensationsafgoerelsesdato = '2020-01-01' WHERE ${of('open', 1)}`,
      'I3',
      otherThan,
    ],
    [
      'a version and its forløb that say the same other thing',
      days('delivered', "'2031-01-01'", 'NULL'),
      'I3',
      otherThan,
    ],
    [
      'a version whose entry has no number yet',
      `UPDATE forloeb_version SET request_user_metadata = '{}' WHERE ${of('other')}`,
      'I3',
      /forløb ID-other version 1: it does not say/,
    ],
    [
      'a forløb taken away',
      `DELETE FROM forloeb WHERE ${of('open')}`,
      'file I1',
      /forløb ID-open: it is missing; its versions are there/,
    ],
    [
      'a version taken away',
      `DELETE FROM forloeb_version WHERE ${of('open', 1)}`,
      'file I1 I2 I3',
      /forløb ID-open: version 1 is missing/,
    ],
    [
      'a besked taken away',
      `DELETE FROM besked WHERE ${of('waiting', 1)}`,
      'file I2 I3',
      /forløb ID-waiting version 1: its besked is missing/,
    ],
    [
      'a besked to another a-kasse',
      `UPDATE besked SET modtager = '11', event_date = '2026-01-01T00:00:00.000Z' WHERE ${of('waiting', 1)}`,
      'I2',
      /of forløb ID-waiting version 1: its recipient or reason is not what audit entry \d+ says/,
    ],
    [
      'the entry of a Save taken away',
      `DELETE FROM audit_entry WHERE ${of('waiting', 1)}`,
      'I3 I6',
      /forløb ID-waiting version 1: its audit entry is missing/,
    ],
    [
      'the entry of a Save taken away before it got its number',
      `DELETE FROM audit_intake WHERE ${of('other', 1)}`,
      'I3',
      /forløb ID-other version 1: its audit entry is missing/,
    ],
    [
      'an entry of a Save that never was',
      copy('audit_intake', of('other', 1), `'{"nr": 900, "version": 2}'`),
      'I3',
      /forløb ID-other version 2: the version and its besked is missing; audit entry \d+ says it was saved/,
    ],
    [
      'a Save that takes nothing back',
      ['besked', 'forloeb_version', 'forloeb', 'forloeb_ejer']
        .map((table) => `DELETE FROM ${table} WHERE ${of('other')}`)
        .join(';'),
      'I3',
      /forløb ID-other version 1: the version and its besked is missing/,
    ],
    [
      'a sequence that holds less',
      `DELETE FROM sequence_besked WHERE besked_nr = (SELECT min(besked_nr) FROM besked WHERE ${of('delivered')})`,
      'I4',
      /sequence ID-terminated: it was opened over 2 beskeder and holds 1/,
    ],
    [
      'a besked put back into the queue',
      `UPDATE besked SET delivered = NULL, delivered_in = NULL WHERE ${of('delivered', 2)}`,
      'I4',
      /sequence ID-terminated: it is terminated, but besked \d+, which it held, has not left with it/,
    ],
    [
      'a sequence taken away',
      `DELETE FROM sequence WHERE identifier = '${ids.terminated}'`,
      'file I4',
      /besked \d+: a sequence that is not there holds it/,
    ],
    [
      'a queue in another order',
      `DELETE FROM sequence_besked WHERE sequence_nr > 1; DELETE FROM sequence WHERE sequence_nr > 1;
       UPDATE besked SET besked_nr = besked_nr + 100 WHERE ${of('open', 1)}`,
      'I5',
      /besked \d+: it is of a later version of its forløb than besked 10\d, and queued before it/,
    ],
    [
      'an audit entry changed',
      `UPDATE audit_entry SET system = 'en anden' WHERE seq = 3`,
      'I6',
      /audit entry 3: it is not what was written/,
    ],
    [
      'a seal taken away',
      'DELETE FROM audit_seal WHERE nr = (SELECT max(nr) FROM audit_seal)',
      'I6',
      /seal \d+/,
    ],
    [
      'a forløb that ends before it starts',
      `ALTER TABLE forloeb DROP CONSTRAINT forloeb_must_not_overlap; ${days('other', "'2026-01-02'", "'2026-01-01'")}`,
      'file I3 I7',
      /forløb ID-other: it ends before it starts/,
    ],
    [
      'two forløb on the same days',
      `ALTER TABLE forloeb DROP CONSTRAINT forloeb_must_not_overlap;
       ${days('waiting', "'2026-01-01'", 'NULL')}; ${days('other', "'2026-01-01'", 'NULL')}`,
      'I3 I7',
      /forløb ID-other: it overlaps forløb ID-waiting of the same citizen/,
    ],
    [
      'a period of somebody whom nobody has locked',
      `DELETE FROM borger WHERE personnummer = (SELECT personnummer FROM forloeb WHERE ${of('open')})`,
      'file',
      /1 of forloeb refer to one of borger that is not there/,
    ],
    [
      'a besked with an identifier of another',
      `UPDATE besked SET message_identifier = '${GUID}' WHERE ${of('delivered', 1)}`,
      'I3',
      otherThan,
    ],
  ];
}
