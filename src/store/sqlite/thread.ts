// The thread that the store of a service is in: opens it, does what it is asked, and ends when it has closed it.

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

const port = parentPort!;
const say = (message: FromThread): void => port.postMessage(message);

function serve(path: string): void {
  const store = openSqliteStore(path, systemPorts, { checkpointsAside: true });
  const calls = callsOf(store) as Readonly<Record<keyof Calls, (argument: unknown) => Promise<unknown>>>;
  let answers: ThreadAnswer[] = [];
  const answer = (answered: ThreadAnswer): void => {
    // Those that were in the same transaction are told with one message.
    if (answers.push(answered) > 1) return;
    process.nextTick(() => {
      say({ answers, failure: store.health.failure() });
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

try {
  serve(workerData as string);
  say({ opened: true });
} catch (error) {
  say({ refused: toThreadError(error) });
}
