// Holds what a database has kept of sequences against the rules of the transfer and against what was handed out: the
// calls on a queue came one after the other, as the trail has them, and each besked was fetched for good once.

import { rows } from '../store/postgres/under-test.ts';
import type { QueueLog } from './queue-callers.ts';

interface Call {
  readonly operation: string;
  readonly fejlkode: number | null;
  readonly sequence: string;
}

interface Sequence {
  readonly identifier: string;
  readonly state: string;
  readonly koder: string;
  readonly antal: number;
}

interface Besked {
  readonly messageIdentifier: string;
  readonly borger: string;
  readonly forloebId: string;
  readonly version: number;
  readonly modtager: string;
  /** The sequence that it left the queue with. */
  readonly sequence: string | null;
}

/** What there was to judge, and what is wrong. */
export interface Judged {
  readonly sequences: number;
  readonly rolledBack: number;
  readonly delivered: number;
  /** Beskeder that were not sent, for a later one of their forløb had been. */
  readonly overtaken: number;
  readonly wrong: readonly string[];
}

export async function judgeQueues(url: string, log: QueueLog): Promise<Judged> {
  const calls = await rows<Call>(
    url,
    `SELECT operation, fejlkode, sequence FROM (
       SELECT 0 AS came, seq AS nr, operation, fejlkode, sequence FROM audit_entry
       UNION ALL SELECT 1, nr, operation, fejlkode, sequence FROM audit_intake) AS e
      WHERE sequence IS NOT NULL ORDER BY came, nr`,
  );
  const sequences = await rows<Sequence>(
    url,
    'SELECT identifier, state, koder, antal::bigint FROM sequence ORDER BY sequence_nr',
  );
  const beskeder = await rows<Besked>(
    url,
    `SELECT b.message_identifier, b.personnummer AS borger, b.forloeb_id, b.version, b.modtager, s.identifier AS sequence
       FROM besked AS b LEFT JOIN sequence AS s ON s.sequence_nr = b.delivered_in
      WHERE b.modtager IS NOT NULL ORDER BY b.besked_nr`,
  );
  const [overtaken] = await rows<{ antal: number }>(
    url,
    "SELECT count(*) AS antal FROM besked WHERE modtager_aarsag = 'overhalet'",
  );
  const ends = [...new Set(calls.filter(isDone('TerminateSequence')).map(({ sequence }) => sequence))];
  return {
    sequences: sequences.filter(({ antal }) => antal > 0).length,
    rolledBack: sequences.filter(({ state }) => state === 'rolled-back').length,
    delivered: beskeder.length,
    overtaken: overtaken!.antal,
    wrong: [
      ...notOneAtATime(calls, sequences),
      ...notOnce(beskeder, sequences, log),
      ...notInOrder(beskeder, ends),
    ],
  };
}

const isDone =
  (...operations: readonly string[]) =>
  ({ operation, fejlkode }: Call): boolean =>
    operations.includes(operation) && fejlkode === null;

/** Plays the calls again in the order of the trail: one sequence is open at a time for each code. */
function notOneAtATime(calls: readonly Call[], sequences: readonly Sequence[]): string[] {
  const wrong: string[] = [];
  const known = new Map(sequences.map((one) => [one.identifier, one]));
  const became = new Map<string, string>();
  const open = new Set<Sequence>();
  const ENDS: Readonly<Record<string, string>> = {
    TerminateSequence: 'terminated',
    CloseSequence: 'closed',
    RulSequenceTilbage: 'rolled-back',
  };
  for (const call of calls) {
    const sequence = known.get(call.sequence);
    if (call.operation === 'CreateSequence' && call.fejlkode !== null) {
      if (sequence === undefined || !open.has(sequence))
        wrong.push(`named as open and was not: ${call.sequence}`);
    } else if (sequence === undefined) wrong.push(`there is no ${call.sequence}`);
    else if (isDone('CreateSequence')(call) && sequence.antal > 0) {
      for (const other of open)
        if (shares(sequence, other)) wrong.push(`open beside ${other.identifier}: ${call.sequence}`);
      open.add(sequence);
    } else if (call.fejlkode === null && call.operation in ENDS && open.delete(sequence))
      became.set(call.sequence, ENDS[call.operation]!);
  }
  for (const { identifier, state, antal } of sequences)
    if (antal > 0 && state !== became.get(identifier))
      wrong.push(`${identifier} is ${state}, and by the trail ${became.get(identifier)}`);
  return wrong;
}

const shares = (one: Sequence, other: Sequence): boolean => {
  const [koder, others] = [one, other].map(({ koder }) => JSON.parse(koder) as string[]);
  return koder!.some((kode) => others!.includes(kode));
};

/** Each besked has left with one sequence; it was handed out by others only if those were given back. */
function notOnce(beskeder: readonly Besked[], sequences: readonly Sequence[], log: QueueLog): string[] {
  const wrong = beskeder
    .filter(({ sequence }) => sequence === null)
    .map(({ messageIdentifier }) => `${messageIdentifier} was never fetched`);
  const leftWith = new Map(beskeder.map(({ messageIdentifier, sequence }) => [messageIdentifier, sequence]));
  for (const { identifier, state, antal } of sequences) {
    const [first = [], ...again] = log.handedOut.get(identifier) ?? [];
    if (first.length > 0 && first.length !== antal)
      wrong.push(`${identifier} handed out ${first.length} of ${antal}`);
    for (const other of again)
      if (other.join() !== first.join()) wrong.push(`${identifier} handed out two things`);
    for (const besked of first) {
      const isGone = leftWith.get(besked) === identifier;
      if (isGone !== (state === 'terminated'))
        wrong.push(`${besked} was handed out by ${identifier}, which is ${state}`);
    }
  }
  return wrong;
}

/** As the a-kasse keeps them, sequence by sequence, the versions of a forløb come in their order. */
function notInOrder(beskeder: readonly Besked[], ends: readonly string[]): string[] {
  const last = new Map<string, number>();
  return ends
    .flatMap((identifier) => beskeder.filter(({ sequence }) => sequence === identifier))
    .filter(({ forloebId, modtager, version }) => {
      const key = `${forloebId} ${modtager}`;
      const isBehind = version <= (last.get(key) ?? 0);
      last.set(key, Math.max(version, last.get(key) ?? 0));
      return isBehind;
    })
    .map(
      ({ messageIdentifier, version }) =>
        `${messageIdentifier}, version ${version}, comes behind a later one`,
    );
}
