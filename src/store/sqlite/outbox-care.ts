// What operators ask of the outbox: how each queue stands, what became of a besked, and to end a sequence for an a-kasse.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { SequenceState } from '../../notify/pull/transfer.ts';
import type { BeskedFacts, OutboxFinding, OutboxOverview, QueueOverview, SequenceFacts } from '../outbox.ts';
import type { auditStatements } from './audit.ts';
import type { Connection } from './connection.ts';
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
}

/** The statements of operators, prepared once for a connection. They run inside the caller's transaction. */
export function careStatements(db: Connection, { audit, sequence }: Parts) {
  // From one code to the next: there are few of them, and a sequence for each poll that ever was.
  const codes = db
    .prepare<[], AkasseKode>(
      `WITH RECURSIVE polled (akasse) AS (
         SELECT min(akasse) FROM sequence
         UNION ALL
         SELECT (SELECT min(s.akasse) FROM sequence AS s WHERE s.akasse > polled.akasse) FROM polled
          WHERE polled.akasse IS NOT NULL)
       SELECT akasse FROM polled WHERE akasse IS NOT NULL
       UNION SELECT modtager FROM besked WHERE modtager IS NOT NULL AND delivered IS NULL ORDER BY 1`,
    )
    .pluck();
  const waiting = db
    .prepare<[string], number>('SELECT count(*) FROM besked WHERE modtager = ? AND delivered IS NULL')
    .pluck();
  const oldest = db
    .prepare<[string], string>('SELECT min(event_date) FROM besked WHERE modtager = ? AND delivered IS NULL')
    .pluck();
  const lastPoll = db
    .prepare<[string], string>(
      `SELECT max(last_call) FROM (SELECT last_call FROM sequence WHERE akasse = ? ORDER BY sequence_nr DESC LIMIT 2)`,
    )
    .pluck();
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

  const queueOf = (akasse: AkasseKode): QueueOverview => {
    const [open] = sequence.openOf([akasse]);
    const [since, poll] = [oldest.get(akasse), lastPoll.get(akasse)];
    return {
      akasse,
      waiting: waiting.get(akasse)!,
      ...(since && { oldest: since }),
      ...(open && {
        open: {
          identifier: open.identifier,
          antal: open.antal,
          opened: open.opened,
          lastCall: open.lastCall,
        },
      }),
      ...(poll && { lastPoll: poll }),
    };
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
    const beskeder = [...ofMessage.all(identifier), ...ofForloeb.all(identifier)].map(toFacts);
    return beskeder.length === 0 ? undefined : { beskeder };
  };

  return {
    /** How every queue stands. */
    overview(entry: NewAuditEntry): OutboxOverview {
      audit.add(entry);
      return { queues: codes.all().map(queueOf), without: without.all() };
    },
    /** What an identifier means here. The entry names the sequence, or the citizen. */
    find(identifier: string, entry: NewAuditEntry): OutboxFinding | undefined {
      const found = findIn(identifier);
      audit.add({ ...entry, ...about(identifier, found) });
      return found;
    },
    /** Closes an open sequence, with an entry; leaves any other as it is, with none. */
    closeSequence(identifier: string, entry: NewAuditEntry, now: Date): SequenceState | undefined {
      const found = sequence.named(identifier);
      if (found?.state === 'open') {
        // Not a call of the a-kasse: the time of its last one stays.
        sequence.end(found, 'closed', now);
        audit.add({ ...entry, modtager: found.akasse, sekvens: found.identifier });
      }
      return found?.state;
    },
  };
}

const about = (
  identifier: string,
  found: OutboxFinding | undefined,
): { readonly sekvens?: string; readonly personnummer?: Personnummer } => {
  if (found?.sequence !== undefined) return { sekvens: identifier };
  const [first] = found?.beskeder ?? [];
  return first === undefined ? {} : { personnummer: first.personnummer };
};

const toSequenceFacts = ({ sequenceNr: _, ...row }: SequenceRow): SequenceFacts =>
  withoutNulls(row) as unknown as SequenceFacts;

const withoutNulls = (row: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
