// What operators ask of the outbox: how each queue stands, what became of a besked, and to end a sequence for an a-kasse.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { SequenceState } from '../../notify/pull/transfer.ts';
import { type BeskedFactsRow, toBeskedFacts } from '../kept/besked.ts';
import { about, closingEntry, type Poll, queuesOf } from '../kept/outbox-care.ts';
import { toSequenceFacts } from '../kept/sequence.ts';
import type { BeskedFacts, OutboxFinding, OutboxOverview } from '../outbox.ts';
import type { auditStatements } from './audit.ts';
import { type Session, type Statement, statement } from './connection.ts';
import type { watchStatements } from './outbox-watch.ts';
import type { sequenceStatements } from './sequence.ts';

const FACTS = `b.besked_nr AS "beskedNr", b.message_identifier AS "messageIdentifier", b.forloeb_id AS "forloebId",
  b.version, b.personnummer, b.registration_type AS "registrationType", b.modtager,
  b.modtager_aarsag AS "modtagerAarsag", b.event_date AS "eventDate", b.delivered`;

const POLLS = statement('SELECT akasse, last_call AS "lastPoll" FROM queue_poll WHERE last_call IS NOT NULL');
const WITHOUT = statement(
  `SELECT modtager_aarsag AS aarsag, count(*) AS antal FROM besked WHERE modtager IS NULL GROUP BY 1 ORDER BY 1`,
);
const OF_MESSAGE = statement(`SELECT ${FACTS} FROM besked AS b WHERE b.message_identifier = $1`);
const OF_FORLOEB = statement(`SELECT ${FACTS} FROM besked AS b WHERE b.forloeb_id = $1 ORDER BY b.version`);
const OF_SEQUENCE = statement(
  `SELECT ${FACTS} FROM sequence_besked AS h JOIN besked AS b USING (personnummer, besked_nr)
    WHERE h.sequence_nr = $1 ORDER BY h.besked_nr`,
);
const SEQUENCES_OF = statement(
  `SELECT h.besked_nr AS "beskedNr", s.identifier, s.state FROM sequence_besked AS h JOIN sequence AS s USING (sequence_nr)
    WHERE h.besked_nr = ANY ($1::bigint[]) ORDER BY s.sequence_nr`,
);

interface Parts {
  readonly audit: ReturnType<typeof auditStatements>;
  readonly sequence: ReturnType<typeof sequenceStatements>;
  readonly watch: ReturnType<typeof watchStatements>;
}

/** The statements of operators, in the caller's transaction. */
export function careStatements(session: Session, { audit, sequence, watch }: Parts) {
  const facts = async (of: Statement, value: unknown): Promise<BeskedFacts[]> => {
    const rows = await session.all<BeskedFactsRow>(of, [value]);
    const held = await session.all<{
      readonly beskedNr: number;
      readonly identifier: string;
      readonly state: SequenceState;
    }>(SEQUENCES_OF, [rows.map(({ beskedNr }) => beskedNr)]);
    return rows.map((row) =>
      toBeskedFacts(
        row,
        held
          .filter(({ beskedNr }) => beskedNr === row.beskedNr)
          .map(({ identifier, state }) => ({ identifier, state })),
      ),
    );
  };
  const findIn = async (identifier: string): Promise<OutboxFinding | undefined> => {
    const named = await sequence.lookedAt(identifier);
    if (named !== undefined)
      return { sequence: toSequenceFacts(named), beskeder: await facts(OF_SEQUENCE, named.sequenceNr) };
    const message = await facts(OF_MESSAGE, identifier);
    const beskeder = message.length > 0 ? message : await facts(OF_FORLOEB, identifier);
    return beskeder.length === 0 ? undefined : { beskeder };
  };

  return {
    /** How every queue stands. */
    async overview(entry: NewAuditEntry): Promise<OutboxOverview> {
      await audit.add(entry);
      const [lengths, open] = [await watch.lengths(), await sequence.allOpen()];
      const queues = queuesOf(lengths, open, await session.all<Poll>(POLLS));
      return { queues, without: await session.all<OutboxOverview['without'][number]>(WITHOUT) };
    },
    /** What an identifier means here. The entry names the sequence, or the citizen. */
    async find(identifier: string, entry: NewAuditEntry): Promise<OutboxFinding | undefined> {
      const found = await findIn(identifier);
      await audit.add({ ...entry, ...about(identifier, found) });
      return found;
    },
    /** Closes an open sequence, and leaves any other as it is; the entry says which it was. */
    async closeSequence(
      identifier: string,
      entry: NewAuditEntry,
      now: Date,
    ): Promise<SequenceState | undefined> {
      const found = await sequence.named(identifier);
      // Not a call of the a-kasse: the time of its last one stays.
      if (found?.state === 'open') await sequence.end(found, 'closed', now);
      await audit.add(closingEntry(entry, identifier, found));
      return found?.state;
    },
  };
}
