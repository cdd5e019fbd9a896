// An a-kasse that polls while the service is killed again and again: the pieces of `akasse poll`, with every call counted
// and every besked that was handed out noted.

import { setTimeout as sleep } from 'node:timers/promises';
import { type BeskedFile, openBeskedFile } from '../../src/cli/akasse-poll/output-file.ts';
import { pollBeskeder } from '../../src/cli/akasse-poll/poll.ts';
import { DELAYS } from '../../src/cli/client/retries.ts';
import type { CallResult } from '../../src/cli/client/soap-client.ts';
import type { Target } from '../../src/cli/client/target.ts';
import { makeWsrmClient, type WsrmClient } from '../../src/cli/client/wsrm-client.ts';
import { INTERNAL_ERROR } from './saver.ts';

/** No waiting between attempts: the service is killed within milliseconds. */
const AT_ONCE = { ...DELAYS, retries: DELAYS.retries.slice(0, 2), sleep: async () => undefined };

export interface PollerOptions {
  /** As for savers: whether 1011 is an honest answer. */
  readonly mayFail?: boolean;
  /** Told when a call begins; what it gives is told when the call has ended, and whether with 1011. */
  readonly onCall?: () => (isFailing: boolean) => void;
}

/** One a-kasse. */
export class Poller {
  /** Calls that were carried out or refused, and calls that may have been carried out unheard. */
  readonly calls = { answered: 0, unanswered: 0 };
  /** What each sequence has handed out: identifiers of beskeder. */
  readonly handedOut: { readonly sequence: string; readonly beskeder: readonly string[] }[] = [];
  /** Polls that ended as no kill explains. */
  readonly problems: string[] = [];
  readonly #file: BeskedFile;
  readonly #clients = new Map<string, Promise<WsrmClient>>();
  readonly #options: PollerOptions;

  private constructor(file: BeskedFile, options: PollerOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** For an a-kasse that keeps what it has processed in that file. */
  static async open(file: string, options: PollerOptions = {}): Promise<Poller> {
    return new Poller(await openBeskedFile(file), options);
  }

  /** Polls for as long as it is asked to. */
  async run(target: Target, goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.poll(target);
      await sleep(2);
    }
  }

  /** Empties the queue once, or until the service is gone; gives whether it was emptied. */
  async poll(target: Target): Promise<boolean> {
    const client = await this.#clientOf(target);
    const { ending } = await pollBeskeder({
      client,
      delays: AT_ONCE,
      keep: (beskeder) => this.#file.keep(beskeder),
    });
    if (ending.kind === 'failed' && ending.failure.kind !== 'unavailable')
      this.problems.push(JSON.stringify(ending.failure));
    return ending.kind === 'emptied';
  }

  /** Opens a sequence and leaves it; gives its identifier, or nothing where that failed. */
  async leave(target: Target): Promise<string | undefined> {
    const opened = await (await this.#clientOf(target)).createSequence();
    return opened.kind === 'answered' ? opened.value.Identifier.toLowerCase() : undefined;
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).disconnect();
    await this.#file.close();
  }

  #clientOf(target: Target): Promise<WsrmClient> {
    const made =
      this.#clients.get(target.url) ?? makeWsrmClient(target, 'crash').then((one) => this.#count(one));
    this.#clients.set(target.url, made);
    return made;
  }

  #count(client: WsrmClient): WsrmClient {
    const counted = async <T>(calling: Promise<CallResult<T>>): Promise<CallResult<T>> => {
      const onEnd = this.#options.onCall?.();
      const result = await calling;
      const isFailing = result.kind === 'fault' && result.fejlkode === INTERNAL_ERROR;
      onEnd?.(isFailing);
      if (isFailing && this.#options.mayFail !== true) this.problems.push('a call was answered with 1011');
      if (isFailing) this.calls.unanswered += 1;
      else if (result.kind === 'no-answer') this.calls.unanswered += result.neverSent ? 0 : 1;
      else if (result.kind === 'http') this.problems.push(`HTTP ${result.status}`);
      else this.calls.answered += 1;
      return result;
    };
    return {
      createSequence: () => counted(client.createSequence()),
      fetch: async (sequence) => {
        const result = await counted(client.fetch(sequence));
        if (result.kind === 'answered')
          this.handedOut.push({
            sequence: sequence.toLowerCase(),
            beskeder: result.value.TidligPensionRegistration.map((one) =>
              one.MessageIdentifier.toLowerCase(),
            ),
          });
        return result;
      },
      terminate: (sequence) => counted(client.terminate(sequence)),
      closeSequence: (sequence) => counted(client.closeSequence(sequence)),
      disconnect: () => client.disconnect(),
    };
  }
}
