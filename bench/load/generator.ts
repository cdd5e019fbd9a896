// The load of Saves and Gets, in a process of its own: told by its parent what to ask, of whom and for how long, it
// tells what came of it. A single answer that is not the expected one ends the job with an error.

import { type Address, type Answer, askInTurn, connect } from './connection.ts';
import { type Asked, citizen, FIRST_FREE_YEAR, getMessage, saveMessage, strideOf } from './messages.ts';
import { takeJobs } from './start.ts';
import { type Measured, type Watched, Window } from './window.ts';

/** What is to be done. */
export interface Job {
  /** The connections are spread over them. */
  readonly addresses: readonly Address[];
  readonly asked: Asked;
  readonly connections: number;
  /** How long it is measured, after a warm-up that is not. */
  readonly milliseconds: number;
  readonly warmUp: number;
  /** Instead of a time: exactly so many calls, all of them measured. */
  readonly calls?: number;
  /** The citizens asked of: so many, from this one on. */
  readonly citizens: number;
  readonly firstCitizen: number;
  /** How many calls of this kind earlier jobs have sent, so that no two Saves are alike. */
  readonly from: number;
  readonly watched: Watched;
}

/** What came of it, and how many calls were sent, those of the warm-up among them. */
export type Outcome = Measured & { readonly sent: number };

const OK_ANSWER = { save: 'CreatedItemIdentifier>', get: 'TidligPensionIdentifier>' } as const;
/** Characters of a wrong answer that are shown. */
const SHOWN = 600;

async function run(job: Job): Promise<Outcome> {
  const { addresses, asked, connections, calls, citizens, firstCitizen, from } = job;
  const stride = strideOf(citizens);
  const window = new Window(job.watched);
  let sent = 0;
  const isOver = (): boolean => window.isOver || (calls !== undefined && sent >= calls);
  const nextMessage = (): string | undefined => {
    if (isOver()) return undefined;
    const number = from + sent;
    sent += 1;
    const personnummer = citizen(firstCitizen + ((number * stride) % citizens));
    const year = FIRST_FREE_YEAR + Math.floor(number / citizens);
    return asked === 'get' ? getMessage(personnummer) : saveMessage(personnummer, year);
  };
  const answered = ({ status, body }: Answer, took: number): void => {
    if (status !== 200 || !body.includes(OK_ANSWER[asked]))
      throw new Error(`a ${asked} was answered with ${status}: ${body.slice(0, SHOWN)}`);
    window.answered(took);
  };
  const places = Array.from({ length: connections }, (_, at) => addresses[at % addresses.length]!);
  const sockets = await Promise.all(places.map((address) => connect(address)));
  try {
    const load = (): Promise<unknown> =>
      Promise.all(sockets.map((socket, at) => askInTurn(socket, places[at]!, nextMessage, answered)));
    if (calls === undefined) await window.over(load(), job.warmUp, job.milliseconds);
    else {
      window.open();
      await load();
      window.close();
    }
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return { ...window.measured, sent };
}

takeJobs(run);
