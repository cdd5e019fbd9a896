// One transfer: opens a sequence, fetches its beskeder, has them kept, and only then takes them off the queue.

import { GUID } from '../../contract/guid.ts';
import { quoteClientText } from '../../contract/mask.ts';
import type { CreateSequenceResponse, TidligPensionRegistration } from '../../contract/messages.ts';
import { WSRM_MESSAGE_SERVICE } from '../../contract/names.ts';
import { type Delays, withRetries } from '../client/retries.ts';
import type { CallResult, Failure } from '../client/soap-client.ts';
import type { WsrmClient } from '../client/wsrm-client.ts';
import { callFailed, type PollFailure } from './failure.ts';

/** What a transfer needs. */
export interface TransferContext {
  readonly client: WsrmClient;
  /** Resolves when the beskeder are durable; what it throws ends the poll. */
  readonly keep: (beskeder: readonly TidligPensionRegistration[]) => Promise<void>;
  /** Told how many beskeder the inventory of a new sequence names. */
  readonly onInventory: (count: number) => void;
  readonly delays: Delays;
  readonly interrupted: AbortSignal;
}

/** How a transfer ended. A sequence that could not be closed is named by the next CreateSequence, and closed then. */
export type TransferEnd =
  /** Nothing was waiting. */
  | { readonly kind: 'empty' }
  /** The beskeder are kept and off the queue. */
  | { readonly kind: 'removed'; readonly fetched: number }
  /** Somebody else has ended the sequence: nothing left the queue, and everything comes again. */
  | { readonly kind: 'ended-elsewhere'; readonly fetched: number }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly failure: PollFailure };

/** So many times an open sequence is closed to open one of our own. */
const MOST_OPENINGS = 5;
/** So many retries a Close has: where it fails, the next CreateSequence names the sequence again. */
const CLOSE_RETRIES = 3;
const NOT_VALID = 1014;

/** Carries out one transfer. Any trouble after CreateSequence closes the sequence. */
export async function transfer(context: TransferContext): Promise<TransferEnd> {
  const opened = await open(context);
  if (opened.kind !== 'opened') return opened;
  const { Identifier, ServiceInventoryCollection } = opened.sequence;
  // With nothing waiting the service has ended the sequence itself.
  if (ServiceInventoryCollection.ServiceItem.length === 0) return { kind: 'empty' };
  const end = await carryOut(opened.sequence, context);
  if (end.kind !== 'removed') await close(Identifier, context);
  return end;
}

type Opened = { readonly kind: 'opened'; readonly sequence: CreateSequenceResponse };

/** Opens a sequence; one that is open already is closed first. */
async function open(context: TransferContext): Promise<Opened | TransferEnd> {
  const { client, delays, interrupted } = context;
  for (let opening = 0; opening < MOST_OPENINGS; opening += 1) {
    const result = await withRetries(() => client.createSequence(), delays, interrupted);
    if (result.kind === 'answered') return { kind: 'opened', sequence: result.value };
    const other = openSequenceIn(result);
    if (other === undefined) return failed(callFailed(result));
    // Left by an earlier run, or opened by a CreateSequence whose answer was lost.
    const closed = await close(other, context);
    if (closed.kind !== 'answered' && !isNotValid(closed)) return failed(callFailed(closed));
    if (interrupted.aborted) return { kind: 'interrupted' };
  }
  return failed({
    kind: 'contention',
    reason: `another sequence was open each of ${MOST_OPENINGS} times that one was to be opened. ${OTHER_POLLER}`,
  });
}

/** What to look at when sequences end or open without us. */
export const OTHER_POLLER = 'Is another program emptying the queue of the same a-kasse?';

const NAMED = new RegExp(`\\b${GUID}\\b`);

/** The sequence that a refused CreateSequence names as open. */
const openSequenceIn = (failure: Failure): string | undefined =>
  failure.kind === 'fault' && isNotValid(failure) ? NAMED.exec(failure.message)?.[0] : undefined;

const isNotValid = (failure: Failure): boolean => failure.kind === 'fault' && failure.fejlkode === NOT_VALID;

const failed = (failure: PollFailure): TransferEnd => ({ kind: 'failed', failure });

async function carryOut(sequence: CreateSequenceResponse, context: TransferContext): Promise<TransferEnd> {
  const { client, keep, onInventory, delays, interrupted } = context;
  const { Identifier } = sequence;
  const count = countIn(sequence);
  if (typeof count === 'string') return failed({ kind: 'disagreement', reason: count });
  if (interrupted.aborted) return { kind: 'interrupted' };
  onInventory(count);

  const answer = await withRetries(() => client.fetch(Identifier), delays, interrupted);
  if (answer.kind !== 'answered') return refusedOrFailed(answer, 0);
  const beskeder = answer.value.TidligPensionRegistration;
  if (beskeder.length !== count) {
    const reason = `the inventory says ${count} beskeder, and ${beskeder.length} came`;
    return failed({ kind: 'disagreement', reason });
  }
  if (interrupted.aborted) return { kind: 'interrupted' };

  try {
    await keep(beskeder);
  } catch (error) {
    return failed({ kind: 'not-kept', error });
  }
  // Terminating belongs to the keeping: an interruption does not come between them.
  const terminated = await withRetries(() => client.terminate(Identifier), delays, interrupted);
  return terminated.kind === 'answered'
    ? { kind: 'removed', fetched: count }
    : refusedOrFailed(terminated, count);
}

/** 1014 for a sequence that we opened: it is not open any more. */
const refusedOrFailed = (failure: Failure, fetched: number): TransferEnd =>
  isNotValid(failure) ? { kind: 'ended-elsewhere', fetched } : failed(callFailed(failure));

/** How many beskeder the inventory has for the one operation that we know; a text says why it cannot be used. */
function countIn({
  ServiceInventoryCollection: { ServiceItem: items },
}: CreateSequenceResponse): number | string {
  const known = WSRM_MESSAGE_SERVICE.operations.map(({ name }) => name as string);
  const unknown = items.find(({ ServiceName }) => !known.includes(ServiceName));
  if (unknown !== undefined) {
    return `the inventory has beskeder for ${quoteClientText(unknown.ServiceName)}, which this program does not know. Install a newer version; until then they stay in the queue`;
  }
  const [item, ...others] = items;
  if (others.length > 0 || item === undefined)
    return `the inventory names ${known.join(', ')} more than once`;
  return Number.isInteger(item.MessageCount) && item.MessageCount > 0
    ? item.MessageCount
    : 'the inventory names an operation without beskeder for it';
}

/** Closes a sequence as well as can be. */
async function close(
  identifier: string,
  { client, delays, interrupted }: TransferContext,
): Promise<CallResult<unknown>> {
  const fewer = { ...delays, retries: delays.retries.slice(0, CLOSE_RETRIES) };
  return withRetries(() => client.closeSequence(identifier), fewer, interrupted);
}
