// A thread that sends requests while the thread of the service is held up: it waits for its word, connects, sends all of
// them, says that they are sent, and then what became of each.

import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is given. `flags`: the word to begin, and that all is sent. */
export interface Burst {
  readonly port: number;
  /** Whole HTTP requests, each for a connection of its own. */
  readonly requests: readonly string[];
  readonly flags: Int32Array;
}

const { port, requests, flags } = workerData as Burst;

function send(request: string): { readonly sent: Promise<void>; readonly status: Promise<string> } {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let received = '';
  socket.setEncoding('utf8').on('data', (text: unknown) => {
    received += String(text);
  });
  const sent = new Promise<void>((resolve) => {
    socket.on('close', () => resolve()).write(request, () => resolve());
  });
  const status = new Promise<string>((resolve) => {
    socket.on('error', () => undefined).on('close', () => resolve(received.slice(9, 12)));
  });
  return { sent, status };
}

parentPort!.postMessage('ready');
while (Atomics.load(flags, 0) === 0) await sleep(1);
const sending = requests.map(send);
await Promise.all(sending.map(({ sent }) => sent));
Atomics.store(flags, 1, 1);
Atomics.notify(flags, 1);
parentPort!.postMessage(await Promise.all(sending.map(({ status }) => status)));
