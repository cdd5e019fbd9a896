// A foreign client kept running: commands go in as lines, outcomes come back as lines of JSON.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What to do to a SOAP header, by its name. */
export interface HeaderChange {
  /** To leave out. */
  readonly without?: string;
  /** To give as null. Java knows a difference. */
  readonly nil?: string;
}

/** What one indberetning says, in the words of the drivers' command lines. */
export interface SaveCommand extends HeaderChange {
  readonly personnummer: string;
  readonly guid?: string | undefined;
  readonly overgang?: string;
  readonly afgoerelse?: string;
  readonly ophoer?: string;
  readonly kompensation?: string;
  /** RegistrationDateTime of the header; now, where it is not given. */
  readonly registered?: string;
}

/** One forløb as a driver prints it; what is not there is left out. */
export interface Forloeb {
  readonly guid: string;
  readonly overgang?: string;
  readonly afgoerelse?: string;
  readonly ophoer?: string;
  readonly kompensation?: string;
}

/** One line of the inventory of a sequence. */
export interface InventoryItem {
  readonly service: string;
  readonly endpoint: string;
  readonly count: number;
}

/** One besked as a driver prints it, after reading each part by its type. */
export interface Besked extends Forloeb {
  readonly message: string;
  readonly type: string;
  readonly event: string;
  readonly personnummer: string;
  /** RequestUserMetadata: who had made the Save. */
  readonly by: {
    readonly name: string;
    readonly userType: number;
    readonly user: string;
    readonly organisationType: number;
    readonly organisation: string;
    readonly registered: string;
  };
}

/** What came of a call: an answer, a fault with its details, or whatever else went wrong in the client. */
export type Outcome =
  | { readonly guid: string }
  | { readonly list: readonly Forloeb[] }
  | { readonly sequence: string; readonly inventory: readonly InventoryItem[] }
  /** `sequence` is that of the header of the answer. */
  | { readonly sequence: string; readonly beskeder: readonly Besked[] }
  | { readonly sequence: string }
  | { readonly fault: number; readonly text: string; readonly message: string; readonly source: string }
  | { readonly error: string };

const ANSWER_TIMEOUT = 30_000;

/** A running driver. One command at a time. */
export class ClientProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #stderr = '';

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, ...env } });
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk;
    });
    this.#child.on('error', (error) => {
      this.#stderr += error.message;
    });
    this.#child.stdin.on('error', () => undefined); // a driver that died says so by the end of its output
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** What the client has written on stderr: warnings, if all is well nothing. */
  get stderr(): string {
    return this.#stderr;
  }

  save(command: SaveCommand): Promise<Outcome> {
    return this.#ask('save', { ...command });
  }

  get(personnummer: string, change: HeaderChange = {}): Promise<Outcome> {
    return this.#ask('get', { personnummer, ...change });
  }

  /** CreateSequence. With 'nil' its four elements are sent as .NET sends them; otherwise they are left out. */
  create(elements?: 'nil'): Promise<Outcome> {
    return this.#ask('create', { elements });
  }

  /** GetTidligPensionVersion1. */
  fetch(sequence: string, change: HeaderChange = {}): Promise<Outcome> {
    return this.#ask('fetch', { sequence, ...change });
  }

  close(sequence: string): Promise<Outcome> {
    return this.#ask('close', { sequence });
  }

  terminate(sequence: string): Promise<Outcome> {
    return this.#ask('terminate', { sequence });
  }

  /** Ends the driver and waits for it. Its exit status: 0 when it came to the end of its input. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const closed = new Promise<number | null>((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    return closed;
  }

  kill(): void {
    this.#child.kill();
  }

  async #ask(verb: string, fields: Readonly<Record<string, string | undefined>>): Promise<Outcome> {
    const words = Object.entries(fields).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${value}`],
    );
    this.#child.stdin.write(`${[verb, ...words].join(' ')}\n`);
    const late = setTimeout(() => this.#child.kill(), ANSWER_TIMEOUT);
    const { value, done } = await this.#lines.next();
    clearTimeout(late);
    if (done) throw new Error(`the client ended without an answer: ${this.#stderr}`);
    return JSON.parse(value) as Outcome;
  }
}
