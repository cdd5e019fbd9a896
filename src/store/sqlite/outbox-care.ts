// What operators ask of the outbox: how each queue stands, what became of a besked, and to end a sequence for an a-kasse.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { SequenceState } from '../../notify/pull/transfer.ts';
import { type BeskedFactsRow, toBeskedFacts } from '../kept/besked.ts';
import { about, closingEntry, type Poll, queuesOf } from '../kept/outbox-care.ts';
import { toSequenceFacts } from '../kept/sequence.ts';
import type { BeskedFacts, OutboxFinding, OutboxOverview } from '../outbox.ts';
import type { auditStatements } from './audit.ts';
import type { Connection } from './connection.ts';
import type { watchStatements } from './outbox-watch.ts';
import type { sequenceStatements } from './sequence.ts';

const FACTS = `b.besked_nr AS beskedNr, b.message_identifier AS messageIdentifier, b.forloeb_id AS forloebId, b.version,
  b.personnummer, b.registration_type AS registrationType, b.modtager, b.modtager_aarsag AS modtagerAarsag,
  b.event_date AS eventDate, b.delivered`;

interface Parts {
  readonly audit: ReturnType<typeof auditStatements>;
  readonly sequence: ReturnType<typeof sequenceStatements>;
  readonly watch: ReturnType<typeof watchStatements>;
}

/** The statements of operators, prepared once for a connection. They run inside the caller's transaction. */
export function careStatements(db: Connection, { audit, sequence, watch }: Parts) {
  const polls = db.prepare<[], Poll>('SELECT akasse, last_call AS lastPoll FROM queue_poll');
  const without = db.prepare<[], OutboxOverview['without'][number]>(
    `SELECT modtager_aarsag AS aarsag, count(*) AS antal FROM besked WHERE modtager IS NULL GROUP BY 1 ORDER BY 1`,
  );
  const ofMessage = db.prepare<[string], BeskedFactsRow>(
    `SELECT ${FACTS} FROM besked AS b WHERE b.message_identifier = ?`,
  );
  const ofForloeb = db.prepare<[string], BeskedFactsRow>(
    `SELECT ${FACTS} FROM forloeb_version AS v JOIN besked AS b USING (version_nr)
      WHERE v.forloeb_id = ? ORDER BY v.version`,
  );
  const ofSequence = db.prepare<[number], BeskedFactsRow>(
    `SELECT ${FACTS} FROM sequence_besked AS h JOIN besked AS b USING (besked_nr)
      WHERE h.sequence_nr = ? ORDER BY h.besked_nr`,
  );
  const sequencesOf = db.prepare<[number], { identifier: string; state: SequenceState }>(
    `SELECT s.identifier, s.state FROM sequence_besked AS h JOIN sequence AS s USING (sequence_nr)
      WHERE h.besked_nr = ? ORDER BY s.sequence_nr`,
  );

  const toFacts = (row: BeskedFactsRow): BeskedFacts => toBeskedFacts(row, sequencesOf.all(row.beskedNr));
  const findIn = (identifier: string): OutboxFinding | undefined => {
    const named = sequence.named(identifier);
    if (named !== undefined) {
      return { sequence: toSequenceFacts(named), beskeder: ofSequence.all(named.sequenceNr).map(toFacts) };
    }
    const [message] = ofMessage.all(identifier);
    const beskeder = (message ? [message] : ofForloeb.all(identifier)).map(toFacts);
    return beskeder.length === 0 ? undefined : { beskeder };
  };

  return {
    /** How every queue stands. */
    overview(entry: NewAuditEntry): OutboxOverview {
      audit.add(entry);
      const queues = queuesOf(watch.lengths(), sequence.allOpen(), polls.all());
      return { queues, without: without.all() };
    },
    /** What an identifier means here. The entry names the sequence, or the citizen. */
    find(identifier: string, entry: NewAuditEntry): OutboxFinding | undefined {
      const found = findIn(identifier);
      audit.add({ ...entry, ...about(identifier, found) });
      return found;
    },
    /** Closes an open sequence, and leaves any other as it is; the entry says which it was. */
    closeSequence(identifier: string, entry: NewAuditEntry, now: Date): SequenceState | undefined {
      const found = sequence.named(identifier);
      // Not a call of the a-kasse: the time of its last one stays.
      if (found?.state === 'open') sequence.end(found, 'closed', now);
      audit.add(closingEntry(entry, identifier, found));
      return found?.state;
    },
  };
}
