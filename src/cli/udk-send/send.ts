// Sends the lines of a batch over a fixed number of connections and writes a receipt for each. A lost answer is
// retried under the same identifier, so it overwrites itself.

import { FEJLKATALOG, type Fejlkode } from '../../contract/fejlkatalog.ts';
import type { SaveTidligPensionResponse } from '../../contract/messages.ts';
import type { CallResult, PensionClient } from '../client/pension-client.ts';
import { DELAYS, isCallerFault, withRetries } from '../client/retries.ts';
import type { BatchLine } from './batch.ts';
import { independentGroups } from './order.ts';
import type { Receipt, Receipts } from './receipts.ts';

/** How a run ended: to the end, stopped by what no line can help, or by the operator. */
export type Ending =
  | { readonly kind: 'complete' }
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'interrupted' };

export interface SendOptions {
  readonly connections: number;
  readonly newIdentifier: () => string;
  /** Aborted when the operator wants to stop: what is under way is finished, nothing more is begun. */
  readonly interrupted: AbortSignal;
  readonly onReceipt: (receipt: Receipt) => void;
}

/** So many groups may fail one after the other before the batch is stopped. */
const MOST_FAILURES = 5;

/** Sends every line that has no final receipt yet. */
export async function sendBatch(
  client: PensionClient,
  lines: readonly BatchLine[],
  receipts: Receipts,
  options: SendOptions,
): Promise<Ending> {
  const open = lines.filter(({ reference }) => !isDone(receipts.of(reference)));
  nameNewForloeb(open, receipts, options.newIdentifier);
  const groups = independentGroups(open.map((line) => withIdentifier(line, receipts)));
  let stopped: string | undefined;
  let failures = 0;
  const worker = async (): Promise<void> => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const ended = await sendGroup(client, group, receipts, options, () => stopped !== undefined);
      failures = ended.failed ? failures + 1 : 0;
      stopped ??=
        ended.stop ??
        (failures >= MOST_FAILURES
          ? `the service could not carry out ${failures} calls one after the other`
          : undefined);
      if (stopped !== undefined || options.interrupted.aborted) return;
    }
  };
  // Every worker is waited for, also when one of them cannot go on: the receipts stay open until then.
  const ended = await Promise.allSettled(Array.from({ length: options.connections }, worker));
  const broken = ended.find((one) => one.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  if (stopped !== undefined) return { kind: 'stopped', reason: stopped };
  const isLeft = open.some(({ reference }) => (receipts.of(reference)?.outcome ?? 'sending') === 'sending');
  return options.interrupted.aborted && isLeft ? { kind: 'interrupted' } : { kind: 'complete' };
}

/** What is in the receipts as saved or refused is not sent again. */
export const isDone = (receipt: Receipt | undefined): boolean =>
  receipt?.outcome === 'saved' || receipt?.outcome === 'refused';

/** Gives lines without an identifier one, on disk before the first of them is sent. */
function nameNewForloeb(lines: readonly BatchLine[], receipts: Receipts, newIdentifier: () => string): void {
  const unnamed = lines.filter(
    ({ reference, request }) =>
      request.TidligPensionIdentifier === undefined && !receipts.of(reference)?.tidligPensionIdentifier,
  );
  receipts.add(
    unnamed.map(({ reference }) => ({
      reference,
      outcome: 'sending',
      tidligPensionIdentifier: newIdentifier(),
      errorCode: '',
      message: '',
    })),
    true,
  );
}

function withIdentifier(line: BatchLine, receipts: Receipts): BatchLine {
  const identifier =
    line.request.TidligPensionIdentifier ?? receipts.of(line.reference)?.tidligPensionIdentifier;
  return identifier ? { ...line, request: { ...line.request, TidligPensionIdentifier: identifier } } : line;
}

/** Sends lines one after the other, up to the first that fails. `stop` is why the whole batch has to. */
async function sendGroup(
  client: PensionClient,
  group: readonly BatchLine[],
  receipts: Receipts,
  { interrupted, onReceipt }: SendOptions,
  isStopped: () => boolean,
): Promise<{ failed: boolean; stop?: string | undefined }> {
  for (const [at, line] of group.entries()) {
    if (interrupted.aborted || isStopped()) break;
    const result = await withRetries(() => client.save(line.request), DELAYS, interrupted);
    const receipt = toReceipt(line, result);
    receipts.add([receipt]);
    onReceipt(receipt);
    if (receipt.outcome === 'failed') {
      for (const later of group.slice(at + 1)) {
        const held = heldBack(later, line);
        receipts.add([held]);
        onReceipt(held);
      }
      return { failed: true, stop: stopReason(result) };
    }
  }
  return { failed: false };
}

/** A line that builds on one that failed: it is left for the next run, so that the order holds. */
const heldBack = ({ reference, request }: BatchLine, before: BatchLine): Receipt => ({
  reference,
  outcome: 'failed',
  tidligPensionIdentifier: request.TidligPensionIdentifier ?? '',
  errorCode: '',
  message: `not sent: it builds on line ${before.line}, which failed`,
});

type SaveResult = CallResult<SaveTidligPensionResponse>;

function toReceipt({ reference, request }: BatchLine, result: SaveResult): Receipt {
  const tidligPensionIdentifier = request.TidligPensionIdentifier ?? '';
  const base = { reference, tidligPensionIdentifier, errorCode: '', message: '' };
  switch (result.kind) {
    case 'answered':
      return { ...base, outcome: 'saved', tidligPensionIdentifier: result.value.CreatedItemIdentifier };
    case 'fault': {
      // A code that is not catalogued is nobody's verdict on the line.
      const failed =
        !Object.hasOwn(FEJLKATALOG, result.fejlkode) ||
        FEJLKATALOG[result.fejlkode as Fejlkode].skyld === 'Server' ||
        isCallerFault(result);
      return {
        ...base,
        outcome: failed ? 'failed' : 'refused',
        errorCode: String(result.fejlkode),
        message: result.message,
      };
    }
    case 'http':
      return { ...base, outcome: 'failed', message: `HTTP ${result.status}: ${result.text}` };
    case 'no-answer':
      return { ...base, outcome: 'failed', message: result.reason };
  }
}

/**
 * Why a line that failed after all retries stops the whole batch: the next one would fare no better. One internal
 * error may be about that line alone, so the others go on.
 */
function stopReason(result: SaveResult): string | undefined {
  switch (result.kind) {
    case 'fault':
      return isCallerFault(result)
        ? `the service refuses this caller: ${result.fejlkode}: ${result.message}`
        : undefined;
    case 'http':
      return `the service answers HTTP ${result.status}: ${result.text}`;
    case 'no-answer':
      return `the service does not answer: ${result.reason}`;
    case 'answered':
      throw new Error('an answered call does not stop a batch');
  }
}
