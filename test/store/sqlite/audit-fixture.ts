// A trail with entries of every kind, for tests that tamper with it: most of it under several seals, a tail under none,
// and the file laid open as an attacker would, without triggers and constraints.

import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { NotedSeal, Verdict } from '../../../src/access/audit/verify.ts';
import { openSqliteAudit, openSqliteStore } from '../../../src/store/sqlite/index.ts';
import type { Kald, Store } from '../../../src/store/store.ts';
import { verifyReader } from '../../access/audit/verified.ts';
import { nyBorger } from '../../support/domain-model.ts';
import {
  getQuery,
  importMedlemskaber,
  kald,
  kompensation,
  medlemskabLinje,
  NU,
  operatorEntry,
  portsAt,
  saveCommand,
  somAkasse,
} from '../../support/store-fixtures.ts';
import { tempDir } from '../../support/temp.ts';

/** How users name themselves: plainly, with a personnummer, and with what has a meaning in JSON, CSV or a terminal. */
const NAMES = [
  'Sagsbehandler Æ Ø Å',
  'Opslag af 290261-0001',
  '"a","b"\n\ttab\r\n \u{1F600} \u2028<&>',
  '2902610002',
];

/** The head of a call by a user with one of those names. */
function kaldBy(at: number, overrides: Partial<Kald> = {}) {
  const head = kald({ modtaget: new Date(NU.getTime() + at * 1000), ...overrides });
  const { RequestUserStructure: user, ...metadata } = head.requestUserMetadata;
  const UserFullName = NAMES[at % NAMES.length]!;
  return { ...head, requestUserMetadata: { ...metadata, RequestUserStructure: { ...user, UserFullName } } };
}

/** Eleven events of as many kinds; some leave more than one entry. */
async function someOfEverything(store: Store, at: number): Promise<void> {
  const [borger, other] = [nyBorger(), nyBorger()];
  const waiting = saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') }, { kald: kaldBy(at) });
  await store.save(waiting);
  await store.save(saveCommand({ Personnummer: other }, { kald: kaldBy(at + 1) })); // refused
  await importMedlemskaber(store, { linjer: [medlemskabLinje(2, borger, '11', '2020-01-01')] }); // and released
  await store.save(
    saveCommand({ Personnummer: borger, TidligPensionIdentifier: waiting.nytId }, { kald: kaldBy(at + 2) }),
  );
  await store.get({ ...getQuery(borger), kald: kaldBy(at + 3, { operation: 'GetTidligPension' }) });
  await store.get(getQuery(other, somAkasse('22'))); // refused
  await store.recordRefusal({ kald: kaldBy(at, { personnummer: other }), fejlkode: 1013 });
  const { modtaget, idag, correlationId } = kald();
  await store.recordRefusal({ kald: { modtaget, idag, correlationId }, fejlkode: 1014 });
  for (const adresse of ['192.0.2.1', '192.0.2.1', '2001:db8::1'])
    await store.recordRefusal({ kald: { modtaget, idag, correlationId, adresse }, fejlkode: 1101 });
  await store.recordRefusal({
    kald: { modtaget, idag, correlationId, certificate: 'cd'.repeat(32) },
    fejlkode: 1012,
  });
  const detaljer = JSON.stringify({ reveal: true, personnummer: '290261-****' });
  await store.audit.record({ ...operatorEntry('VisAudit'), personnummer: borger, detaljer });
}

/** Makes such a trail and gives its file: `rounds` times everything with a seal behind it, and once more without. */
export async function makeTrail(rounds = 18): Promise<string> {
  const [grown, file] = [path.join(tempDir(), 'grown.db'), path.join(tempDir(), 'trail.db')];
  const later = new Date(NU.getTime() + 3_600_000);
  const store = openSqliteStore(grown, portsAt(later));
  for (let round = 0; round <= rounds; round += 1) {
    await someOfEverything(store, round * 10);
    if (round < rounds) await store.audit.seal();
  }
  // What is still being gathered stays so, and closing the store would seal the tail.
  const db = new Database(grown);
  db.exec(`VACUUM INTO '${file}'`);
  db.close();
  await store.close();
  return file;
}

/** Takes from a copy of the trail what would keep a hand from changing it. */
export function layOpen(file: string): string {
  const open = path.join(tempDir(), 'open.db');
  copyFileSync(file, open);
  const db = new Database(open);
  const triggers = db
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'trigger'`)
    .pluck()
    .all() as string[];
  for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  const loosen = db.prepare('UPDATE sqlite_master SET sql = ? WHERE name = ?');
  for (const name of ['audit_entry', 'audit_seal']) {
    const sql = db.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name) as string;
    loosen.run(sql.replaceAll(/(TEXT|INTEGER|BLOB)( +)NOT NULL/g, '$1').replace(/\) STRICT$/, ')'), name);
  }
  db.close();
  return open;
}

/** Lets `work` at a fresh copy of the file, and gives what it gives. */
export async function onCopy<T>(file: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = path.join(tempDir(), 'copy.db');
  copyFileSync(file, copy);
  try {
    return await work(copy);
  } finally {
    rmSync(copy, { force: true });
  }
}

/** Opens a file as an attacker. False when a number is taken, or is none. */
export function attack(file: string, work: (db: Database.Database) => void): boolean {
  const db = new Database(file);
  try {
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = OFF');
    db.pragma('ignore_check_constraints = ON');
    db.unsafeMode(true);
    db.transaction(work)(db);
    return true;
  } catch (error) {
    const isRefused =
      error instanceof Database.SqliteError && /^SQLITE_(MISMATCH|CONSTRAINT_PRIMARYKEY)/.test(error.code);
    if (isRefused) return false;
    throw error;
  } finally {
    db.close();
  }
}

/** What the verification says of a file, read as the command reads it. */
export async function verifyFile(file: string, noted?: NotedSeal): Promise<Verdict> {
  const audit = openSqliteAudit(file);
  try {
    return await verifyReader(audit, noted);
  } finally {
    await audit.close();
  }
}
