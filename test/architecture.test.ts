// Holds the arrows of the house: rooms import only what lies below them, and third-party code only where it belongs.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));

/** Which rooms a room may import. store, notify and access are siblings: of each other only what is published to them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  domain: ['contract'],
  store: ['contract', 'domain', 'access', 'notify'],
  notify: ['contract', 'domain', 'store'],
  access: ['contract', 'domain'],
  soap: ['contract', 'domain', 'store', 'notify', 'access'],
  cli: ['contract', 'domain', 'store', 'notify', 'access', 'soap'],
};

/** What a room publishes to those above it, where that is not everything. */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  store: ['store/store.ts', 'store/outbox.ts', 'store/health.ts', 'store/open-store.ts'],
};

/**
 * What a room publishes to a sibling: the store keeps entries and seals in the form that access gives them, and asks it
 * whether they are whole; and asks the rules of a transfer inside its transactions.
 */
const PUBLISHED_TO: Readonly<Record<string, readonly string[]>> = {
  'access to store': [
    'access/audit/entry.ts',
    'access/audit/digest.ts',
    'access/audit/seal.ts',
    'access/audit/verify.ts',
  ],
  'notify to store': ['notify/pull/transfer.ts'],
};

/** Which room a library belongs to; one that is not named here may be used nowhere. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  'libxml2-wasm': ['contract/xml.ts'],
  'better-sqlite3': ['store/sqlite/'],
  pg: ['store/postgres/'],
  soap: ['soap/dispatcher.ts', 'cli/client/'],
  uuid: ['domain/ports.ts'],
  zod: ['access/organisationer.ts', 'cli/settings.ts'],
  winston: ['cli/log.ts'],
  'prom-client': ['cli/metrics.ts'],
  commander: ['cli/'],
  'cli-progress': ['cli/progress.ts'],
  '@peculiar/x509': ['cli/world/'],
  'reflect-metadata': ['cli/world/'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

/** The end of an import or of a re-export, with what it names. */
const IMPORT = /^(?:(?:import|export) .*|\} )?(?:from|import) '([^']+)';/gm;
/** An import that is made when it is needed. */
const LATE_IMPORT = /\bimport\('([^']+)'\)/g;

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll(path.sep, '/'));

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(path.join(SRC, from), 'utf8');
  return [...text.matchAll(IMPORT), ...text.matchAll(LATE_IMPORT)].map((match) => ({
    from,
    to: match[1]!.startsWith('.') ? path.posix.join(path.posix.dirname(from), match[1]!) : match[1]!,
  }));
});

const roomOf = (file: string): string => file.split('/')[0]!;
const isInside = (to: string): boolean => Object.hasOwn(MAY_IMPORT, roomOf(to)) && to.endsWith('.ts');

describe('the house', () => {
  it('has only the rooms on the map', () => {
    const rooms = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map((room) => room.name)).to.have.members(Object.keys(MAY_IMPORT));
  });

  it('has arrows that point one way', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        isInside(to) && roomOf(from) !== roomOf(to) && !MAY_IMPORT[roomOf(from)]!.includes(roomOf(to)),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('uses of another room only what that room publishes', () => {
    const wrong = imports.filter(({ from, to }) => {
      const published = PUBLISHED_TO[`${roomOf(to)} to ${roomOf(from)}`] ?? PUBLISHED[roomOf(to)];
      return (
        isInside(to) && roomOf(from) !== roomOf(to) && published !== undefined && !published.includes(to)
      );
    });
    expect(wrong).to.deep.equal([]);
  });

  it('keeps each library in its room', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (isInside(to) || to.startsWith('node:')) return false;
      const library = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : to.split('/')[0]!;
      return !(LIBRARIES[library] ?? []).some((place) => from.startsWith(place));
    });
    expect(wrong).to.deep.equal([]);
  });

  it('types names of the contract nowhere but in contract/', () => {
    const wrong = files.filter(
      (file) =>
        roomOf(file) !== 'contract' &&
        /http:\/\/(service\.bm\.dk|rep\.oio\.dk)/.test(readFileSync(path.join(SRC, file), 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('reads the clock and makes random names in one place', () => {
    const wrong = files.filter(
      (file) =>
        ['contract', 'domain', 'store', 'notify', 'access', 'soap'].includes(roomOf(file)) &&
        file !== 'domain/ports.ts' &&
        /new Date\(\)|Date\.now\(\)|randomUUID|Math\.random/.test(readFileSync(path.join(SRC, file), 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('says in the first line of each file what the file is for', () => {
    const wrong = files.filter((file) => !readFileSync(path.join(SRC, file), 'utf8').startsWith('// '));
    expect(wrong).to.deep.equal([]);
  });

  it('keeps files short enough to read in one sitting', () => {
    const wrong = files.filter((file) => readFileSync(path.join(SRC, file), 'utf8').split('\n').length > 250);
    expect(wrong).to.deep.equal([]);
  });
});

describe('the tests', () => {
  it('have no hook outside of a describe: it would run around every test of every file', () => {
    const TEST = fileURLToPath(new URL('.', import.meta.url));
    const wrong = readdirSync(TEST, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .filter((file) => /^(before|after)(Each)?\(/m.test(readFileSync(path.join(TEST, file), 'utf8')));
    expect(wrong).to.deep.equal([]);
  });
});
