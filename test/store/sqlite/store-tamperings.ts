// Every kind of tampering that a verification of a store must name: what is done, which checks fail, and what is said.

import Database from 'better-sqlite3';

/** Works on a file as somebody who knows SQL: no rule of the database is in the way, and all of them are there afterwards. */
export function tamper(file: string, work: (db: Database.Database) => void): void {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  work(db);
  for (const { sql } of triggers) db.exec(sql);
  db.close();
}

/** What is done, which checks fail, and what is said, with the names of the forløb for their identifiers. */
type Tampering = readonly [
  what: string,
  sql: string | ((db: Database.Database) => void),
  failing: string,
  says: RegExp,
];

/** A store of four forløb, by what became of their beskeder, and the sequence that was terminated. */
export interface Verified {
  readonly ids: Readonly<Record<'delivered' | 'open' | 'waiting' | 'other', string>>;
  readonly terminated: string;
}

const GUID = '0a1b2c3d-0000-4000-8000-000000000001';

const ANOTHER_BESKED = {
  besked_nr: 900,
  version_nr: 900,
  message_identifier: GUID,
  registration_type: 'Update',
};

/** Adds a row that is like another but for the changes. */
export const copyRow = (
  db: Database.Database,
  table: string,
  where: string,
  changes: Record<string, unknown>,
): void => {
  const row = { ...(db.prepare(`SELECT * FROM ${table} WHERE ${where}`).get() as object), ...changes };
  const names = Object.keys(row);
  db.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map((name) => `:${name}`)})`).run(row);
};

/** Gives a forløb, and all of its versions, other days. */
const setDays = (db: Database.Database, where: string, from: string, to: string | null): void => {
  const days = `overgangsdato = '${from}', afgoerelsesdato = '2025-12-01', ophoersdato = ?`;
  for (const table of ['forloeb', 'forloeb_version'])
    db.prepare(`UPDATE ${table} SET ${days} WHERE ${where}`).run(to);
};

/** The forløb of that name, or a version of it, as a condition. */
export const ofForloeb = ({ ids }: Verified, id: keyof Verified['ids'], version?: number): string =>
  `forloeb_id = '${ids[id]}'${version === undefined ? '' : ` AND version = ${version}`}`;

/** All of them, on such a store. */
export function tamperings(verified: Verified): readonly Tampering[] {
  const { terminated } = verified;
  const of = (id: keyof Verified['ids'], version?: number): string => ofForloeb(verified, id, version);
  return [
    [
      'a forløb that stands at an older version',
      `UPDATE forloeb SET version = 1 WHERE ${of('open')}`,
      'I1',
      /forløb ID-open: it stands at version 1; its latest is 2/,
    ],
    [
      'a forløb that says something else',
      `UPDATE forloeb SET kompensationsafgoerelsesdato = '2020-01-01' WHERE ${of('open')}`,
      'I1',
      /forløb ID-open: it does not say what its version 2 says/,
    ],
    [
      'an older version that says something else',
      `UPDATE forloeb_version SET kompensationsafgoerelsesdato = '2020-01-01' WHERE ${of('open', 1)}`,
      'I3',
      /forløb ID-open version 1: it does not say what audit entry \d+ says it did/,
    ],
    [
      'a version and its forløb that say the same other thing',
      (db) => setDays(db, of('delivered'), '2031-01-01', null),
      'I3',
      /forløb ID-delivered version 1: it does not say what audit entry \d+ says it did/,
    ],
    ...["indberettet = '2020-01-01T00:00:00.000Z'", "request_user_metadata = '{}'"].map(
      (other): Tampering => [
        `a version with another ${other.split(' ')[0]}`,
        `UPDATE forloeb_version SET ${other} WHERE ${of('delivered')}`,
        'I3',
        /forløb ID-delivered version 1: it does not say what audit entry \d+ says it did/,
      ],
    ),
    [
      'a besked with another MessageIdentifier',
      `UPDATE besked SET message_identifier = '${GUID}' WHERE ${of('delivered', 1)}`,
      'I3',
      /forløb ID-delivered version 1: it does not say what audit entry \d+ says it did/,
    ],
    [
      'a forløb of another citizen',
      `UPDATE forloeb SET personnummer = '2902639999', nr = 1 WHERE ${of('open')}`,
      'file I1',
      /forløb ID-open: not all of its versions are of its citizen/,
    ],
    [
      'a forløb with another number',
      `UPDATE forloeb SET nr = 7 WHERE ${of('open')}`,
      'I1',
      /forløb ID-open: it has number 7 of its citizen, not 1/,
    ],
    [
      'a forløb taken away',
      `DELETE FROM forloeb WHERE ${of('open')}`,
      'file I1',
      /forløb ID-open: it is missing; its versions are there/,
    ],
    [
      'a forløb added without a version',
      (db) => copyRow(db, 'forloeb', of('open'), { forloeb_id: GUID, nr: 2 }),
      'file I1',
      new RegExp(`forløb ${GUID}: it has no version`),
    ],
    [
      'the identifier of a forløb given to another citizen too',
      (db) => copyRow(db, 'forloeb', of('open'), { personnummer: '2902639999', nr: 1 }),
      'file I1',
      /forløb ID-open: 2 forløb have this identifier/,
    ],
    [
      'a version taken away',
      `DELETE FROM forloeb_version WHERE ${of('open', 1)}`,
      'file I1 I2 I3',
      /forløb ID-open: version 1 is missing/,
    ],
    [
      'a version of another call',
      `UPDATE forloeb_version SET correlation_id = '${GUID}' WHERE ${of('open', 1)}`,
      'I3',
      /forløb ID-open version 1: audit entry \d+ is of another call/,
    ],
    [
      'a besked taken away',
      `DELETE FROM besked WHERE ${of('waiting', 1)}`,
      'file I2 I3',
      /forløb ID-waiting version 1: its besked is missing/,
    ],
    [
      'a besked of no version',
      (db) => copyRow(db, 'besked', of('waiting', 1), { ...ANOTHER_BESKED, version: 9 }),
      'file I2 I3',
      /besked 900 of forløb ID-waiting version 9: there is no such version/,
    ],
    [
      'a besked to another a-kasse',
      `UPDATE besked SET modtager = '11', event_date = '2026-01-01' WHERE ${of('waiting', 1)}`,
      'I2',
      /besked \d+ of forløb ID-waiting version 1: its recipient or reason is not what audit entry \d+ says/,
    ],
    [
      'a besked with another reason',
      `UPDATE besked SET modtager_aarsag = 'overhalet' WHERE ${of('waiting', 1)}`,
      'I2',
      /its recipient or reason is not what audit entry/,
    ],
    [
      'a besked of another citizen',
      `UPDATE besked SET personnummer = '2902639999' WHERE ${of('waiting', 1)}`,
      'file I2',
      /besked \d+ of forløb ID-waiting version 1: it is not of the citizen of its version/,
    ],
    [
      'two beskeder that each point at the version of the other',
      (db) => {
        const nr = db.prepare<[], number>(
          `SELECT version_nr FROM besked WHERE ${of('waiting', 1)} OR ${of('other', 1)} ORDER BY besked_nr`,
        );
        const [one, other] = nr.pluck().all() as [number, number];
        const give = db.prepare('UPDATE besked SET version_nr = ? WHERE version_nr = ?');
        for (const [to, from] of [
          [-1, one],
          [one, other],
          [other, -1],
        ])
          give.run(to, from);
      },
      'file',
      /^besked \d+ points at another version than the one it is of/,
    ],
    [
      'the entry of a Save taken away',
      `DELETE FROM audit_entry WHERE ${of('waiting', 1)}`,
      'I3 I6',
      /forløb ID-waiting version 1: its audit entry is missing/,
    ],
    [
      'an entry of a Save that never was',
      (db) => copyRow(db, 'audit_entry', of('waiting', 1), { seq: 900, version: 2 }),
      'I3 I6',
      /forløb ID-waiting version 2: the version and its besked is missing; audit entry 900 says it was saved/,
    ],
    [
      'an entry of a Save written twice',
      (db) => copyRow(db, 'audit_entry', of('waiting', 1), { seq: 900 }),
      'I3 I6',
      /forløb ID-waiting version 1: it was saved more than once, by audit entries \d+, 900/,
    ],
    [
      'a Save that takes nothing back',
      (db) => {
        for (const table of ['besked', 'forloeb_version', 'forloeb'])
          db.exec(`DELETE FROM ${table} WHERE ${of('other')}`);
      },
      'I3',
      /forløb ID-other version 1: the version and its besked is missing/,
    ],
    [
      'a sequence that holds less',
      `DELETE FROM sequence_besked WHERE besked_nr = (SELECT min(besked_nr) FROM besked WHERE ${of('delivered')})`,
      'I4',
      /sequence SEQUENCE: it was opened over 2 beskeder and holds 1/,
    ],
    [
      'a besked that left without a sequence',
      `UPDATE besked SET delivered = '2026-01-01', delivered_in = 1 WHERE ${of('open', 1)}`,
      'I4',
      /besked \d+: it has left the queue, but no terminated sequence held it/,
    ],
    [
      'a besked put back into the queue',
      `UPDATE besked SET delivered = NULL, delivered_in = NULL WHERE ${of('delivered', 2)}`,
      'I4',
      /sequence SEQUENCE: it is terminated, but besked \d+, which it held, has not left with it/,
    ],
    [
      'a sequence that is not terminated after all',
      `UPDATE sequence SET state = 'closed' WHERE identifier = '${terminated}'`,
      'I4',
      /no terminated sequence held it/,
    ],
    [
      'a sequence of another a-kasse',
      `UPDATE sequence SET akasse = '11', koder = '["11"]' WHERE identifier = '${terminated}'`,
      'I4',
      /sequence SEQUENCE: it holds besked \d+, which is not for its a-kasse/,
    ],
    [
      'a sequence taken away',
      `DELETE FROM sequence WHERE identifier = '${terminated}'`,
      'file I4',
      /besked \d+: a sequence that is not there holds it/,
    ],
    [
      'a queue in another order',
      (db) => {
        for (const table of ['sequence_besked', 'sequence'])
          db.exec(`DELETE FROM ${table} WHERE sequence_nr > 1`);
        db.exec(`UPDATE besked SET besked_nr = besked_nr + 100 WHERE ${of('open', 1)}`);
      },
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
      'DELETE FROM audit_seal WHERE nr = 2',
      'I6',
      /audit entry \d+: seal 2, which stands for it, is missing/,
    ],
    [
      'two forløb on the same days',
      (db) => {
        for (const id of ['waiting', 'other'] as const) setDays(db, of(id), '2026-01-01', null);
      },
      'I3 I7',
      /forløb ID-other: it overlaps forløb ID-waiting of the same citizen/,
    ],
    [
      'a forløb that ends before it starts',
      (db) => setDays(db, of('other'), '2026-01-02', '2026-01-01'),
      'I3 I7',
      /forløb ID-other: it ends before it starts/,
    ],
  ];
}
