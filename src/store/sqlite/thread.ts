// The thread that the store of a service is in: opens it, does what it is asked, and ends when it has closed it.

import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { systemPorts } from '../../domain/ports.ts';
import { openSqliteStore } from './index.ts';
import {
  type Calls,
  callsOf,
  type FromThread,
  type ThreadAnswer,
  type ThreadCall,
  toThreadError,
} from './thread-messages.ts';

/**
 * Milliseconds for which it looks out for the next call after one that came alone. Whoever calls over one connection
 * calls again at once, and to wake a thread that sleeps can take as long as the call.
 */
const AWAKE = availableParallelism() > 1 ? 1 : 0;

const port = parentPort!;
const say = (message: FromThread): void => port.postMessage(message);

function serve(path: string): void {
  const store = openSqliteStore(path, systemPorts, { isServed: true });
  const calls = callsOf(store) as Readonly<Record<keyof Calls, (argument: unknown) => Promise<unknown>>>;
  let answers: ThreadAnswer[] = [];
  const answer = (answered: ThreadAnswer): void => {
    // Those that were in the same transaction are told with one message.
    if (answers.push(answered) > 1) return;
    process.nextTick(() => {
      say({ answers, failure: store.health.failure() });
      if (answers.length === 1) stayAwake();
      answers = [];
    });
  };
  port.on('message', (asked: readonly ThreadCall[]) => {
    for (const [nr, name, argument] of asked) {
      const done = calls[name](argument).then(
        (value) => answer([nr, value]),
        (error: unknown) => answer([nr, undefined, toThreadError(error)]),
      );
      if (name === 'close') void done.then(() => port.unref());
    }
  });
}

let awakeUntil = 0;
let isAwake = false;

function stayAwake(): void {
  awakeUntil = performance.now() + AWAKE;
  if (!isAwake) lookOut();
}

function lookOut(): void {
  isAwake = performance.now() < awakeUntil;
  if (isAwake) setImmediate(lookOut);
}

try {
  serve(workerData as string);
  say({ opened: true });
} catch (error) {
  say({ refused: toThreadError(error) });
}
