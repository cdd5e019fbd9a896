// An a-kasse that calls one service for its queue, as several of its programs may do at the same time without knowing of
// each other; and what each call was answered.

import { WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { readFault, textOf, textsOf } from '../support/answers.ts';
import {
  akasse as akasseOf,
  closeEnvelope,
  createEnvelope,
  fetchEnvelope,
  type HeaderOrganisation,
  terminateEnvelope,
} from '../support/envelopes.ts';
import { KEEP_ALIVE, requestOf } from '../support/http-request.ts';
import { Client } from './clients.ts';

/** What all callers were answered. */
export class QueueLog {
  calls = 0;
  /** CreateSequences that were refused because a sequence was open. */
  inTheWay = 0;
  /** Calls that came too late for their sequence. */
  late = 0;
  /** What was handed out, by sequence: MessageIdentifiers, once for each time. */
  readonly handedOut = new Map<string, string[][]>();
  /** Answers that no rule explains. */
  readonly wrong: string[] = [];
}

const OPEN = /^The sequence (\S+) is open, and there is one at a time\./;
const OVER =
  /^The sequence \S+ (?:has been terminated|has been closed|was idle for too long|is not one of yours)/;

export class QueueCaller {
  readonly #client: Client;
  readonly #organisation: HeaderOrganisation;
  readonly #log: QueueLog;

  private constructor(client: Client, akasse: string, log: QueueLog) {
    this.#client = client;
    this.#organisation = akasseOf(akasse);
    this.#log = log;
  }

  static async connect(url: string, akasse: string, log: QueueLog): Promise<QueueCaller> {
    return new QueueCaller(await Client.connect(url), akasse, log);
  }

  drop(): void {
    this.#client.drop();
  }

  /** Opens a sequence, or gets the name of the one that is open; undefined where nothing waits. */
  async create(): Promise<{ readonly identifier: string; readonly isOurs: boolean } | undefined> {
    const { body, message } = await this.#call(WSRM_SERVICE.path, createEnvelope(this.#organisation));
    if (message !== undefined) {
      const identifier = OPEN.exec(message)?.[1];
      if (identifier === undefined) this.#log.wrong.push(`CreateSequence: ${message}`);
      else this.#log.inTheWay += 1;
      return identifier === undefined ? undefined : { identifier, isOurs: false };
    }
    if (Number(textOf(body, 'MessageCount') ?? 0) === 0) return undefined;
    return { identifier: textOf(body, 'Identifier')!.toLowerCase(), isOurs: true };
  }

  /** Notes what the sequence holds; gives whether it was handed out. */
  async fetch(identifier: string): Promise<boolean> {
    const { body, message } = await this.#call(
      WSRM_MESSAGE_SERVICE.path,
      fetchEnvelope(identifier, this.#organisation),
    );
    if (message !== undefined) return this.#tooLate(message);
    const beskeder = textsOf(body, 'MessageIdentifier').map((one) => one.toLowerCase());
    const before = this.#log.handedOut.get(identifier);
    if (before === undefined) this.#log.handedOut.set(identifier, [beskeder]);
    else before.push(beskeder);
    return true;
  }

  async terminate(identifier: string): Promise<boolean> {
    return this.#end(terminateEnvelope(identifier, this.#organisation));
  }

  async close(identifier: string): Promise<boolean> {
    return this.#end(closeEnvelope(identifier, this.#organisation));
  }

  async #end(envelope: string): Promise<boolean> {
    const { message } = await this.#call(WSRM_SERVICE.path, envelope);
    return message === undefined || this.#tooLate(message);
  }

  #tooLate(message: string): false {
    if (OVER.test(message)) this.#log.late += 1;
    else this.#log.wrong.push(message);
    return false;
  }

  /** The answer; the message of a refusal, which can be no other than 1014. */
  async #call(path: string, envelope: string): Promise<{ readonly body: string; readonly message?: string }> {
    const { body } = await this.#client.call(requestOf(path, envelope, KEEP_ALIVE));
    this.#log.calls += 1;
    const fault = readFault(body);
    if (fault === undefined) return { body };
    const message = fault.errorCode === 1014 ? fault.message : `${fault.errorCode} ${fault.message}`;
    return { body, message };
  }
}
