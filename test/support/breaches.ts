// A small store, and hands at it: what each does to it in SQL, which invariant is broken by it, on either database.

import type { Personnummer } from '../../src/domain/personnummer.ts';
import { type Filled, koe } from '../cli/outbox/filled.ts';
import { member } from './queue.ts';
import { kald, NU, overgang, saveCommand } from './store-fixtures.ts';

/** The a-kasse of its citizens. */
export const AKASSE = '22';

/** Fills the store; gives its Saves as their caller knows them. There were four calls of the a-kasse beside them. */
export async function fill(store: Filled): Promise<{ correlationId: string; fejlkode?: number }[]> {
  const saved: { correlationId: string; fejlkode?: number }[] = [];
  const save = async (borger: Personnummer, blocks: object, id?: string): Promise<string> => {
    const head = kald();
    const message = { Personnummer: borger, ...(id && { TidligPensionIdentifier: id }), ...blocks };
    const done = await store.at(NU, ({ save }) => save(saveCommand(message, { kald: head })));
    saved.push({ correlationId: head.correlationId, ...(!done.ok && { fejlkode: done.fejl.kode }) });
    return done.ok ? done.value.forloebId : '';
  };
  await store.register(NU, AKASSE, 0, 1);
  const first = await save(member(AKASSE, 0), overgang('2026-01-01'));
  await save(member(AKASSE, 0), overgang('2026-02-01'), first);
  await save(member(AKASSE, 0), overgang('2026-01-01', '2026-06-30'), first);
  await save(member(AKASSE, 0), overgang('2026-07-01'));
  await save(member(AKASSE, 0), overgang('2026-03-01')); // refused
  await save(member(AKASSE, 5), overgang('2026-03-01')); // of no a-kasse
  const done = await store.create(NU, koe(AKASSE));
  await store.fetch(NU, koe(AKASSE), done);
  await store.end(NU, koe(AKASSE), 'TerminateSequence', done);
  await save(member(AKASSE, 1), overgang('2026-03-01'));
  await store.create(NU, koe(AKASSE));
  return saved;
}

const FIRST = '(SELECT forloeb_id FROM besked WHERE besked_nr = 1)';
const LAST_ENTRY = '(SELECT max(seq) FROM audit_entry)';

type Breach = readonly [what: string, sql: string, named: RegExp];

/** A besked that nothing was said for, with a number of its own also in a column that only that database has. */
export const fromNowhere = (column?: string): Breach => [
  'a besked comes from nowhere',
  `INSERT INTO besked (${column === undefined ? '' : `${column}, `}besked_nr, message_identifier, forloeb_id, version, personnummer, registration_type, modtager, modtager_aarsag, event_date)
   SELECT ${column === undefined ? '' : '99, '}99, '00000000-0000-4000-8000-000000000001', forloeb_id, 77, personnummer, 'Update', modtager, modtager_aarsag, event_date FROM besked WHERE besked_nr = 1`,
  /I2: a besked has no version/,
];

/** What is done to the store, and what the check says then. Triggers, checks and foreign keys are off. */
export const BREACHES: readonly Breach[] = [
  [
    'a version in the middle is lost',
    `DELETE FROM forloeb_version WHERE forloeb_id = ${FIRST} AND version = 2`,
    /I1: versions .* without a gap/,
  ],
  [
    'the last version is lost',
    `DELETE FROM forloeb_version WHERE forloeb_id = ${FIRST} AND version = 3`,
    /I1: a forløb does not stand at its last version/,
  ],
  [
    'a forløb says something else than its last version',
    `UPDATE forloeb SET ophoersdato = '2027-01-01' WHERE forloeb_id = ${FIRST}`,
    /I1: a forløb does not stand/,
  ],
  [
    'a forløb stands at an earlier version',
    `UPDATE forloeb SET version = 2 WHERE forloeb_id = ${FIRST}`,
    /I1: a forløb does not stand/,
  ],
  ['a forløb is lost', `DELETE FROM forloeb WHERE forloeb_id = ${FIRST}`, /I1: a version has no forløb/],
  [
    'a version goes to another citizen',
    `UPDATE forloeb_version SET personnummer = '${member(AKASSE, 9)}' WHERE forloeb_id = ${FIRST} AND version = 2`,
    /I1: versions of a forløb are of two citizens/,
  ],
  [
    'a besked is lost',
    'DELETE FROM besked WHERE besked_nr = 6',
    /I2: a version does not have exactly one besked/,
  ],
  [
    'a besked goes to a version that was never made',
    "UPDATE besked SET version = 77, registration_type = 'Update' WHERE besked_nr = 1",
    /I2: a besked has no version/,
  ],
  [
    'a besked is of another citizen',
    `UPDATE besked SET personnummer = '${member(AKASSE, 9)}' WHERE besked_nr = 6`,
    /I2: a besked has no version, or is not of its citizen/,
  ],
  [
    'a besked says Create of a second version',
    "UPDATE besked SET registration_type = 'Create' WHERE besked_nr = 2",
    /I2: a besked has no version, or is not of its citizen or kind/,
  ],
  [
    'an identifier stands twice but for its case',
    'UPDATE besked SET message_identifier = (SELECT upper(message_identifier) FROM besked WHERE besked_nr = 1) WHERE besked_nr = 6',
    /I2: an identifier stands on two beskeder/,
  ],
  [
    'a recipient is lost',
    'UPDATE besked SET modtager = NULL, event_date = NULL WHERE besked_nr = 6',
    /I2: a besked has neither a recipient nor a reason/,
  ],
  [
    'a reason is lost',
    "UPDATE besked SET modtager_aarsag = '' WHERE modtager IS NULL",
    /I2: a besked has neither a recipient nor a reason/,
  ],
  [
    'the entry of a Save is lost',
    `DELETE FROM audit_entry WHERE forloeb_id = ${FIRST} AND version = 3`,
    /I3: a version does not have exactly one audit entry/,
  ],
  [
    'a version has another correlation id than its entry',
    `UPDATE forloeb_version SET correlation_id = 'x' WHERE forloeb_id = ${FIRST} AND version = 3`,
    /I3: a version does not have exactly one audit entry/,
  ],
  [
    'a Save is lost but for its entry',
    `DELETE FROM besked WHERE besked_nr = 3; DELETE FROM forloeb_version WHERE forloeb_id = ${FIRST} AND version = 3; UPDATE forloeb SET version = 2 WHERE forloeb_id = ${FIRST}`,
    /I3: an audit entry of an accepted Save has no version/,
  ],
  [
    'a refused Save has left a version',
    `UPDATE audit_entry SET udfald = 'afvist', fejlkode = 9434 WHERE forloeb_id = ${FIRST} AND version = 3`,
    /I3: a refused call has made a version/,
  ],
  [
    'a besked of a terminated sequence is still waiting',
    'UPDATE besked SET delivered = NULL, delivered_in = NULL WHERE besked_nr = 2',
    /I4: a terminated sequence has not let go exactly/,
  ],
  [
    'a terminated sequence has lost what it held',
    'DELETE FROM sequence_besked WHERE besked_nr = 2',
    /I4: a terminated sequence has not let go exactly/,
  ],
  [
    'a besked has left the queue by itself',
    "UPDATE besked SET delivered = '2026-11-22' WHERE besked_nr = 6",
    /I4: a besked has left the queue without/,
  ],
  [
    'a besked has left with a sequence that was not terminated',
    "UPDATE besked SET delivered = '2026-11-22', delivered_in = 2 WHERE besked_nr = 6",
    /I4: a besked has left the queue without/,
  ],
  [
    'a besked has left with the sequence of another a-kasse',
    "UPDATE besked SET modtager = '11' WHERE besked_nr = 2",
    /I4: a besked has left the queue without/,
  ],
  [
    'an open sequence holds what has left the queue',
    `INSERT INTO sequence_besked SELECT 2, besked_nr, personnummer FROM besked WHERE besked_nr = 1`,
    /I4: a besked is held by two open sequences, or by one/,
  ],
  [
    'beskeder of a forløb change places',
    'UPDATE besked SET besked_nr = 96 WHERE besked_nr = 1',
    /I5: beskeder of a citizen are not in the order/,
  ],
  [
    'beskeder of two forløb of a citizen change places',
    'UPDATE besked SET besked_nr = 0 WHERE besked_nr = 4',
    /I5: beskeder of a citizen are not in the order/,
  ],
  [
    'a later besked has left the queue first',
    'UPDATE besked SET delivered = NULL, delivered_in = NULL WHERE besked_nr = 1',
    /I5: beskeder of a citizen are not in the order/,
  ],
  [
    'an entry in the middle is lost',
    'DELETE FROM audit_entry WHERE seq = 2',
    /I6: the audit trail: entry 2 is missing/,
  ],
  [
    'the last entry is lost',
    `DELETE FROM audit_entry WHERE seq = ${LAST_ENTRY}`,
    /I6: the audit trail: \d+ entries were written/,
  ],
  [
    'an entry is changed',
    `UPDATE audit_entry SET user_full_name = 'x' WHERE seq = ${LAST_ENTRY}`,
    /I6: the audit trail: entry \d+: it is not what was written/,
  ],
  [
    'two calls have one correlation id',
    `UPDATE audit_entry SET correlation_id = (SELECT correlation_id FROM audit_entry WHERE seq = 3) WHERE seq = 2`,
    /I6: two calls share/,
  ],
  [
    'two forløb meet on a day',
    "UPDATE forloeb SET ophoersdato = '2026-07-01' WHERE ophoersdato = '2026-06-30'",
    /I7: two forløb of a citizen overlap/,
  ],
  [
    'a forløb without an end reaches the next',
    "UPDATE forloeb SET ophoersdato = NULL WHERE ophoersdato = '2026-06-30'",
    /I7: two forløb of a citizen overlap/,
  ],
];
