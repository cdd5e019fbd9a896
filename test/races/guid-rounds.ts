// One client of a race for a GUID: it sends its message, and sends the very same again, as after an answer that was lost.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Seeded } from '../support/seeded.ts';
import { Client, saveRequest } from './clients.ts';
import type { Sagt, Udfald } from './model.ts';
import type { RaceHistory } from './race-history.ts';

/** How a client sends its message, each until it is answered. */
export const WAYS = ['once', 'again', 'twice at once', 'answer lost'] as const;
export type Way = (typeof WAYS)[number];

/** One client, and what became of what it sent. */
export interface Sender {
  readonly sagt: Sagt;
  readonly way: Way;
  /** How often it was sent. */
  sent: number;
  readonly answers: Udfald[];
}

/** Milliseconds after which a client that loses its answer is gone, at most. */
const GONE = 6;

/**
 * Sends the message in its way: the first bytes are written before this gives back control, when the connections are
 * there. Resolves when the client has its answer.
 */
export async function sendIn(
  sender: Sender,
  connections: readonly [Client, Client],
  history: RaceHistory,
  chance: Seeded,
): Promise<void> {
  const request = saveRequest(sender.sagt);
  const send = async (client: Client): Promise<void> => {
    sender.sent += 1;
    sender.answers.push(await history.send(client, sender.sagt, request));
  };
  const [one, other] = connections;
  if (sender.way === 'twice at once') await Promise.all([send(one), send(other)]);
  else if (sender.way === 'answer lost') {
    const first = send(one).catch(() => undefined); // not answered, and perhaps done
    await sleep(chance.below(GONE));
    one.drop();
    await first;
    await send(other);
  } else {
    await send(one);
    if (sender.way === 'again') await send(other);
  }
}

/** Two connections for each client, anew where one has been dropped. */
export class ConnectionPairs {
  readonly #urls: readonly string[];
  readonly #pairs: [Client, Client][] = [];

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** Those of so many clients, each to one service and, where there is another, to that. */
  async of(clients: number): Promise<readonly [Client, Client][]> {
    for (let nr = 0; nr < clients; nr += 1) {
      const connect = (turn: number): Promise<Client> =>
        Client.connect(this.#urls[(nr + turn) % this.#urls.length]!);
      const [one, other] = this.#pairs[nr] ?? [];
      this.#pairs[nr] = [one?.isThere ? one : await connect(0), other?.isThere ? other : await connect(1)];
    }
    return this.#pairs.slice(0, clients);
  }

  drop(): void {
    for (const client of this.#pairs.flat()) client.drop();
  }
}
