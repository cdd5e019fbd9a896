// The store of a service, in a thread of its own: whatever the disk does, it is not the thread that serves that waits.

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StoreFailure } from '../health.ts';
import { type ServedStore, StoreFailingError, type StorePorts } from '../store.ts';
import {
  type CallName,
  type Calls,
  type FromThread,
  fromThreadError,
  type ThreadAnswers,
  type ThreadCall,
} from './thread-messages.ts';

const THREAD = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);
/** Calls in a message that does not wait for more of them. */
const MANY = 8;
const ENDED = 'the thread of the store has ended';

/** Somebody who waits for an answer. */
interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A thread that has its store open, and what happens to it. */
interface RunningThread {
  say(calls: readonly ThreadCall[]): void;
}

/**
 * Opens the store in the file `path` like `openSqliteStore`, with the machine's own clock and chance. Should the thread
 * end by itself, the store fails until it is tried again, in a new thread. `script` is for tests. Rejects with StoreError.
 */
export async function openSqliteInThread(
  path: string,
  ports: Pick<StorePorts, 'now'>,
  script = THREAD,
): Promise<ServedStore> {
  const waiting = new Map<number, Asked>();
  let calls: ThreadCall[] = [];
  let last = 0;
  let failure: StoreFailure | undefined;
  let thread: RunningThread | undefined;
  let isClosing = false;

  const answered = ({ answers, failure: failureNow }: ThreadAnswers): void => {
    failure = failureNow;
    for (const [nr, value, error] of answers) {
      const asked = waiting.get(nr)!;
      waiting.delete(nr);
      if (error === undefined) asked.resolve(value);
      else asked.reject(fromThreadError(error));
    }
  };
  const ended = (): void => {
    thread = undefined;
    if (!isClosing) failure = { cause: ENDED, since: ports.now() };
    for (const { reject } of waiting.values()) reject(new StoreFailingError(ENDED, true));
    waiting.clear();
  };
  const start = async (): Promise<void> => {
    thread = await startThread(script, path, { answered, ended });
  };
  await start();

  const send = (): void => {
    const sent = calls;
    calls = [];
    try {
      if (sent.length > 0) thread?.say(sent);
    } catch (error) {
      // One of them is no plain data, which is a mistake of ours; none of them has gone.
      for (const [nr] of sent) {
        waiting.get(nr)?.reject(error as Error);
        waiting.delete(nr);
      }
    }
  };
  /** At once where the thread has nothing else to do; otherwise those that come together go together. */
  const sendSoon = (): void => {
    if (calls.length === MANY) send();
    else if (calls.length > 1) return;
    else if (waiting.size === 1) process.nextTick(send);
    else setImmediate(send);
  };
  const ask =
    <N extends CallName>(name: N) =>
    (argument?: unknown): ReturnType<Calls[N]> =>
      new Promise((resolve, reject) => {
        if (thread === undefined) {
          reject(new StoreFailingError(ENDED));
          return;
        }
        last += 1;
        waiting.set(last, { resolve, reject });
        calls.push([last, name, argument]);
        sendSoon();
      }) as ReturnType<Calls[N]>;

  return {
    save: ask('save'),
    get: ask('get'),
    recordRefusal: ask('recordRefusal'),
    sequences: {
      create: ask('createSequence'),
      fetch: ask('fetchSequence'),
      end: ask('endSequence'),
      rollBackIdle: ask('rollBackIdle'),
    },
    outbox: { lengths: ask('queueLengths') },
    audit: { record: ask('record'), seal: ask('seal') },
    health: {
      failure: () => failure,
      async tryAgain() {
        if (thread === undefined) await start().catch(() => undefined);
        await ask('tryAgain')().catch(() => undefined);
      },
    },
    close() {
      isClosing = true;
      return ask('close')();
    },
  };
}

interface ThreadEvents {
  answered(answers: ThreadAnswers): void;
  /** It has ended, whether it was to or not. */
  ended(): void;
}

/** Starts the thread; resolves when it has opened the store. */
function startThread(script: URL, path: string, { answered, ended }: ThreadEvents): Promise<RunningThread> {
  const thread = new Worker(script, { workerData: path });
  return new Promise((resolve, reject) => {
    thread.on('message', (message: FromThread) => {
      if ('answers' in message) answered(message);
      else if ('refused' in message) reject(fromThreadError(message.refused));
      else resolve({ say: (calls) => thread.postMessage(calls) });
    });
    thread.on('error', reject); // an end follows
    thread.on('exit', () => {
      reject(new StoreFailingError(ENDED));
      ended();
    });
  });
}
