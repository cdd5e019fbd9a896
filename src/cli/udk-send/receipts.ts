// The receipts file: what became of each line of a batch. It is a log while the batch runs, so that a batch that was
// interrupted anywhere is safe to run again, and is rewritten to one line for each input line at the end.

import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { maskPersonnumre } from '../../contract/mask.ts';
import { csvLine, readCsv } from '../csv.ts';
import { type LockUser, releaseLock, takeLock } from '../lock.ts';
import { CommandFailed } from '../outcome.ts';

/** `sending`: named before it is first sent, outcome unknown. The other three are final for one run. */
export type Outcome = 'sending' | 'saved' | 'refused' | 'failed';

/** One line of the receipts file. */
export interface Receipt {
  readonly reference: string;
  readonly outcome: Outcome;
  readonly tidligPensionIdentifier: string;
  readonly errorCode: string;
  readonly message: string;
}

/** The columns of a receipts file. */
export const RECEIPT_COLUMNS = [
  'reference',
  'outcome',
  'tidligPensionIdentifier',
  'errorCode',
  'message',
] as const;
const OUTCOMES: readonly string[] = ['sending', 'saved', 'refused', 'failed'] satisfies Outcome[];

const USER: LockUser = { command: 'udk send', file: 'receipts file', consequence: 'nothing was sent' };

/** The receipts of one batch. One process at a time may hold them. */
export class Receipts {
  readonly #path: string;
  readonly #latest: Map<string, Receipt>;
  #fd: number;

  private constructor(path: string, latest: Map<string, Receipt>) {
    this.#path = path;
    this.#latest = latest;
    // What an interrupted run left, perhaps with a torn last line, is replaced by what could be read of it.
    this.#fd = this.#rewrite([...latest.values()]);
  }

  /**
   * Opens the file, making it if need be. Throws CommandFailed when another process holds it, when it is not a
   * receipts file, or when it belongs to another batch than that of `references`.
   */
  static open(path: string, references: ReadonlySet<string>): Receipts {
    takeLock(path, USER);
    try {
      if (existsSync(path) && !statSync(path).isFile()) {
        throw new CommandFailed(
          `The receipts file ${path} cannot be written: it is not a file. Nothing was sent.`,
        );
      }
      const latest = existsSync(path) ? readReceipts(path) : new Map<string, Receipt>();
      const foreign = [...latest.keys()].find((reference) => !references.has(reference));
      if (foreign !== undefined) {
        throw new CommandFailed(
          `${path} holds receipts of another batch (reference ${maskPersonnumre(foreign)} is not in this one). Name another file with --receipts; nothing was sent.`,
        );
      }
      return new Receipts(path, latest);
    } catch (error) {
      releaseLock(path);
      throw error;
    }
  }

  /** What the file says last of a line. */
  of(reference: string): Receipt | undefined {
    return this.#latest.get(reference);
  }

  /** Adds receipts. With `durable` they are on disk before this returns. */
  add(receipts: readonly Receipt[], durable = false): void {
    if (receipts.length === 0) return;
    writeAll(this.#fd, receipts.map(toLine).join(''));
    if (durable) fdatasyncSync(this.#fd);
    for (const receipt of receipts) this.#latest.set(receipt.reference, receipt);
  }

  /** Rewrites the file to the latest receipt of each line, in the order given, and lets it go. */
  close(order: readonly string[]): void {
    closeSync(this.#fd);
    this.#fd = this.#rewrite(order.flatMap((reference) => this.#latest.get(reference) ?? []));
    closeSync(this.#fd);
    releaseLock(this.#path);
  }

  /** Replaces the file as a whole and gives a descriptor that appends to the new one. */
  #rewrite(receipts: readonly Receipt[]): number {
    const temporary = `${this.#path}.new`;
    rmSync(temporary, { force: true });
    const fd = openSync(temporary, 'wx', 0o600);
    writeAll(fd, csvLine(RECEIPT_COLUMNS) + receipts.map(toLine).join(''));
    fdatasyncSync(fd);
    renameSync(temporary, this.#path);
    syncFolder(this.#path);
    return fd;
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

const toLine = (receipt: Receipt): string => csvLine(RECEIPT_COLUMNS.map((column) => receipt[column]));

function readReceipts(path: string): Map<string, Receipt> {
  const whole = wholeLines(readFile(path));
  if (whole === '') return new Map();
  const { records, bad } = readCsv(Buffer.from(whole), RECEIPT_COLUMNS);
  if (bad.length > 0) {
    throw new CommandFailed(
      `${path} is not a receipts file: line ${bad[0]!.line}: ${bad[0]!.reason}. Name another file with --receipts.`,
    );
  }
  const latest = new Map<string, Receipt>();
  for (const { values, line } of records) {
    const receipt = values as unknown as Receipt;
    if (!OUTCOMES.includes(receipt.outcome))
      throw new CommandFailed(`${path}: line ${line}: unknown outcome. Name another file with --receipts.`);
    latest.set(receipt.reference, receipt);
  }
  return latest;
}

/** A line without its end was being written when the run was interrupted; what it says is not certain. */
function wholeLines(text: string): string {
  let end = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === '\n' && !isQuoted) end = at + 1;
  }
  return text.slice(0, end);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandFailed(
      `The receipts file ${path} cannot be read (${(error as Error).message}). Nothing was sent.`,
    );
  }
}

function syncFolder(path: string): void {
  const fd = openSync(dirname(path), 'r');
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
