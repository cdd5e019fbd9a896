// Searches everything that the suite makes the service and the commands say, and what the suite itself prints, for the
// personnumre of the fixtures: logs, fault texts, refusals of HTTP, messages and data of commands. None may be there.
//
// Loaded by .mocharc.json, so that it sees a whole run; the verdict is a hook after the last test.

import { globSync, readdirSync, readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = fileURLToPath(new URL('../', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** What is searched. */
export type Kind = 'log' | 'answer' | 'command' | 'suite';

const searched: Record<Kind, number> = { log: 0, answer: 0, command: 0, suite: 0 };
/** What a whole run has at least; with less, a hook sees nothing any more. */
const LEAST: Partial<Record<Kind, number>> = { log: 5_000, answer: 5_000, command: 200 };
const found: string[] = [];

/** Searches a text of that kind. What is found is reported when the last test is done, without the number. */
export function search(kind: Kind, text: string, where = ''): void {
  searched[kind] += 1;
  if (holdsPersonnummer(text)) found.push(`${kind} ${where}: ${text.replace(/[0-9]/g, '#').slice(0, 300)}`);
}

const CHANCE = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}/gi;
const CANDIDATE = /(?=([0-9]{6})[-\s._/]?([0-9]{4}))/g;
/** The tests make numbers of 29 February in years that had none. */
const SYNTHETIC = /^2902(?![02468][048]|[13579][26])[0-9]{6}$/;

/** Whether a personnummer of the fixtures, or one that the tests made, stands in the text. */
export function holdsPersonnummer(text: string): boolean {
  for (const [, date, serial] of text.replace(CHANCE, '').matchAll(CANDIDATE)) {
    const number = `${date}${serial}`;
    if (SYNTHETIC.test(number) || ofFixtures().has(number)) return true;
  }
  return false;
}

let known: ReadonlySet<string> | undefined;

/** Every number in a file of fixtures/ that could be a personnummer; ten zeros are none. */
export function ofFixtures(): ReadonlySet<string> {
  known ??= new Set(
    readdirSync(FIXTURES, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(
        (entry) =>
          readFileSync(path.join(entry.parentPath, entry.name), 'utf8').match(
            /(?<![0-9])[0-9]{10}(?![0-9])/g,
          ) ?? [],
      )
      .filter((number) => /^(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])/.test(number)),
  );
  return known;
}

/** Searches what a service of this process answers with anything but success. */
function searchAnswers(): void {
  const { end, write } = ServerResponse.prototype;
  const look = (response: ServerResponse, chunk: unknown): void => {
    if (response.statusCode >= 400 && (typeof chunk === 'string' || chunk instanceof Uint8Array)) {
      search('answer', Buffer.from(chunk as string).toString(), String(response.statusCode));
    }
  };
  ServerResponse.prototype.end = function (this: ServerResponse, ...args: unknown[]) {
    look(this, args[0]);
    return Reflect.apply(end, this, args);
  } as typeof end;
  ServerResponse.prototype.write = function (this: ServerResponse, ...args: unknown[]) {
    look(this, args[0]);
    return Reflect.apply(write, this, args);
  } as typeof write;
}

/** Searches what the suite prints. */
function searchOwnOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = function (this: typeof stream, ...args: unknown[]) {
      search('suite', String(args[0]));
      return Reflect.apply(write, this, args);
    } as typeof write;
  }
}

/** Whether every test file was loaded and none of its tests left out, as by --grep. */
function isWhole(root: Mocha.Suite): boolean {
  const loaded = new Set([...root.suites, ...root.tests].map(({ file }) => file));
  const files = globSync('**/*.test.ts', { cwd: TESTS });
  let isEachRun = true;
  root.eachTest((test) => {
    isEachRun &&= test.state !== undefined || test.isPending();
  });
  return isEachRun && files.every((file) => loaded.has(path.join(TESTS, file)));
}

/** Mocha's hooks for the whole run. */
export const mochaHooks = {
  beforeAll(): void {
    searchAnswers();
    searchOwnOutput();
  },
  afterAll(this: Mocha.Context): void {
    const { log, answer, command } = searched;
    process.stdout.write(
      `\n      S6: searched for ${ofFixtures().size} personnumre of the fixtures and all that the tests made: ` +
        `${log} log lines, ${answer} refusals, ${command} outputs of commands; found ${found.length}\n`,
    );
    if (found.length > 0) throw new Error(`a personnummer was given away:\n${found.slice(0, 10).join('\n')}`);
    const few = Object.entries(LEAST).filter(([kind, least]) => searched[kind as Kind] < least);
    if (few.length > 0 && isWhole(this.test!.parent!)) {
      throw new Error(`too little was searched in a whole run, at least ${JSON.stringify(LEAST)} is usual`);
    }
  },
};
