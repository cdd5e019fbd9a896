// Sequences in columns, as every database keeps them, and what they become.

import { hash } from 'node:crypto';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { SequenceState } from '../../notify/pull/transfer.ts';
import type { SequenceFacts } from '../outbox.ts';
import { withoutNulls } from './row.ts';

/** A sequence as it stands. */
export interface SequenceRow {
  readonly sequenceNr: number;
  readonly identifier: string;
  readonly akasse: AkasseKode;
  /** The codes that it answered for when it opened it. */
  readonly koder: readonly AkasseKode[];
  readonly state: SequenceState;
  readonly antal: number;
  readonly opened: string;
  readonly lastCall: string;
  readonly fetched: string | null;
  readonly ended: string | null;
}

/** The same as a database gives it: `koder` as JSON. */
export type RawSequence = Omit<SequenceRow, 'koder'> & { readonly koder: string };

/** The columns of it, under these names. */
export const SEQUENCE_COLUMNS =
  'sequence_nr AS "sequenceNr", identifier, akasse, koder, state, antal, opened, last_call AS "lastCall", fetched, ended';

/** The sequence that a row says. */
export const toSequence = (row: RawSequence): SequenceRow => ({
  ...row,
  koder: JSON.parse(row.koder) as AkasseKode[],
});

/** Whether an open sequence stands in the way of those codes. */
export const shares = ({ koder }: SequenceRow, others: readonly AkasseKode[]): boolean =>
  koder.some((kode) => others.includes(kode));

/** What operators see of it. */
export const toSequenceFacts = ({ sequenceNr: _, koder: __, ...row }: SequenceRow): SequenceFacts =>
  withoutNulls<SequenceFacts>(row as never);

/** What a sequence holds, for the audit trail: how many, and a digest by which it can be verified. */
export const contentOf = (beskeder: readonly { readonly messageIdentifier: string }[]): string =>
  JSON.stringify({
    beskeder: beskeder.length,
    sha256: hash('sha256', beskeder.map(({ messageIdentifier }) => `${messageIdentifier}\n`).join('')),
  });
