// The load, in a process of its own: told by its parent what to ask, of whom and for how long, it tells what came of it.

import type net from 'node:net';
import { type Address, askInTurn, connect } from './connection.ts';
import { type Asked, citizen, FIRST_FREE_YEAR, getMessage, saveMessage, strideOf } from './messages.ts';

/** What is to be done. */
export interface Job {
  readonly address: Address;
  readonly asked: Asked;
  readonly connections: number;
  /** How long it is measured, after a warm-up that is not. */
  readonly milliseconds: number;
  readonly warmUp: number;
  /** Citizens of the store, and how many Saves have been made of them in earlier jobs: no two are alike. */
  readonly citizens: number;
  readonly from: number;
}

/** What came of it. Times are milliseconds. */
export interface Outcome {
  readonly answered: number;
  readonly milliseconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  /** Calls that have been sent, those of the warm-up among them. */
  readonly sent: number;
}

const OK_ANSWER = { save: 'CreatedItemIdentifier>', get: 'TidligPensionIdentifier>' } as const;

async function run({ address, asked, connections, milliseconds, warmUp, citizens, from }: Job): Promise<Outcome> {
  const stride = strideOf(citizens);
  let sent = 0;
  const nextMessage = (): string => {
    const number = from + sent;
    sent += 1;
    const personnummer = citizen((number * stride) % citizens);
    return asked === 'get'
      ? getMessage(personnummer)
      : saveMessage(personnummer, FIRST_FREE_YEAR + Math.floor(number / citizens));
  };
  const begin = performance.now() + warmUp;
  const end = begin + milliseconds;
  const times: number[] = [];
  const answered = (status: number, body: string, took: number): void => {
    if (status !== 200 || !body.includes(OK_ANSWER[asked]))
      throw new Error(`a ${asked} was answered with ${status}: ${body.slice(0, 600)}`);
    const now = performance.now();
    if (now >= begin && now < end) times.push(took);
  };
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(address)));
  const isOver = (): boolean => performance.now() >= end;
  await Promise.all(
    sockets.map((socket: net.Socket) =>
      askInTurn(socket, address, () => (isOver() ? undefined : nextMessage()), answered),
    ),
  );
  for (const socket of sockets) socket.destroy();
  const sorted = Float64Array.from(times).sort();
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return {
    answered: sorted.length,
    milliseconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    sent,
  };
}

process.on('message', (job: Job) => {
  run(job).then(
    (outcome) => process.send!({ outcome }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
