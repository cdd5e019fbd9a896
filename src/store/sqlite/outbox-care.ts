// What operators ask of the outbox: how each queue stands, what became of a besked, and to end a sequence for an a-kasse.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { SequenceState } from '../../notify/pull/transfer.ts';
import type { BeskedFacts, OutboxFinding, OutboxOverview, QueueOverview, SequenceFacts } from '../outbox.ts';
import type { auditStatements } from './audit.ts';
import type { Connection } from './connection.ts';
import type { watchStatements } from './outbox-watch.ts';
import type { SequenceRow, sequenceStatements } from './sequence.ts';

type BeskedFactsRow = { [K in keyof Omit<BeskedFacts, 'sequences'>]-?: BeskedFacts[K] | null } & {
  beskedNr: number;
};

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
  const polls = db.prepare<[], { akasse: AkasseKode; lastPoll: string }>(
    'SELECT akasse, last_call AS lastPoll FROM queue_poll',
  );
  const without = db.prepare<[], OutboxOverview['without'][number]>(
    `SELECT modtager_aarsag AS aarsag, count(*) AS antal FROM besked WHERE modtager IS NULL GROUP BY 1 ORDER BY 1`,
  );
  const ofMessage = db.prepare<[string], BeskedFactsRow>(
    `SELECT ${FACTS} FROM besked AS b WHERE b.message_identifier = ?`,
  );
  const ofForloeb = db.prepare<[string], BeskedFactsRow>(
    `SELECT ${FACTS} FROM besked AS b WHERE b.forloeb_id = ? ORDER BY b.version`,
  );
  const ofSequence = db.prepare<[number], BeskedFactsRow>(
    `SELECT ${FACTS} FROM sequence_besked AS h JOIN besked AS b USING (besked_nr)
      WHERE h.sequence_nr = ? ORDER BY h.besked_nr`,
  );
  const sequencesOf = db.prepare<[number], { identifier: string; state: SequenceState }>(
    `SELECT s.identifier, s.state FROM sequence_besked AS h JOIN sequence AS s USING (sequence_nr)
      WHERE h.besked_nr = ? ORDER BY s.sequence_nr`,
  );

  /** Every queue in which something waits, that has an open sequence, or whose a-kasse has ever called; by code. */
  const queues = (): QueueOverview[] => {
    const lengths = new Map(watch.lengths().map((queue) => [queue.akasse, queue]));
    const open = new Map(sequence.allOpen().map((one) => [one.akasse, one]));
    const called = new Map(polls.all().map(({ akasse, lastPoll }) => [akasse, lastPoll]));
    const codes = new Set([...lengths.keys(), ...open.keys(), ...called.keys()]);
    return [...codes].sort().map((akasse) => {
      const [length, sequence, lastPoll] = [lengths.get(akasse), open.get(akasse), called.get(akasse)];
      return {
        akasse,
        waiting: length?.waiting ?? 0,
        ...(length && { oldest: length.oldest }),
        ...(sequence && { open: toSequenceFacts(sequence) }),
        ...(lastPoll && { lastPoll }),
      };
    });
  };
  const toFacts = ({ beskedNr, ...row }: BeskedFactsRow): BeskedFacts => ({
    ...(withoutNulls(row) as unknown as Omit<BeskedFacts, 'sequences'>),
    sequences: sequencesOf.all(beskedNr),
  });
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
      return { queues: queues(), without: without.all() };
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
      audit.add({
        ...entry,
        detaljer: JSON.stringify({ identifier, var: found?.state ?? null }),
        ...(found && { modtager: found.akasse, sequence: identifier }),
      });
      return found?.state;
    },
  };
}

const about = (
  identifier: string,
  found: OutboxFinding | undefined,
): { readonly sequence?: string; readonly personnummer?: Personnummer } => {
  if (found?.sequence !== undefined) return { sequence: identifier };
  const [first] = found?.beskeder ?? [];
  return first === undefined ? {} : { personnummer: first.personnummer };
};

const toSequenceFacts = ({ sequenceNr: _, koder: __, ...row }: SequenceRow): SequenceFacts =>
  withoutNulls(row) as unknown as SequenceFacts;

const withoutNulls = (row: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
