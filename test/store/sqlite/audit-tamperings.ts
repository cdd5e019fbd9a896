// Ways to tamper with a trail, each with the chance it needs.

import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { digestOf, faceOf, sidesOf } from '../../../src/access/audit/digest.ts';
import { AUDIT_FIELDS, type AuditEntry } from '../../../src/access/audit/entry.ts';
import { contentHash, sealHash } from '../../../src/access/audit/seal.ts';
import { firstOf, type Kept, type Row, type Value } from './audit-kept.ts';

type Db = Database.Database;

/** What a tampering is drawn from. */
export interface Chance {
  /** One of them. */
  one<T>(list: readonly T[]): T;
  /** Some of them, at least one. */
  some<T>(list: readonly T[]): T[];
  readonly value: Value;
  readonly seed: number;
}

export const anyChance: fc.Arbitrary<Chance> = fc
  .record({
    seed: fc.integer(),
    value: fc.oneof(
      fc.constantFrom<Value>(
        null,
        '',
        0,
        1,
        -1,
        Buffer.alloc(0),
        Buffer.alloc(16, 7),
        'udfoert',
        '290261-****',
        '{}',
      ),
      fc.string(),
      fc.integer(),
    ),
  })
  .map(({ seed, value }) => {
    let drawn = seed;
    const next = (): number => {
      drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) | 0; // numbers of Numerical Recipes
      return (drawn >>> 8) / 2 ** 24;
    };
    next();
    const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    const some = <T>(list: readonly T[]): T[] => {
      const chosen = list.filter(() => next() < 0.3);
      return chosen.length > 0 ? chosen : [one(list)];
    };
    return { one, some, value, seed };
  });

const update = (db: Db, table: string, key: string, at: Value, row: Row): void => {
  const set = Object.keys(row).map((column) => `${column} = :${column}`);
  db.prepare(`UPDATE ${table} SET ${set.join(', ')} WHERE ${key} = :at__`).run({ ...row, at__: at });
};
const insert = (db: Db, table: string, row: Row): void => {
  const columns = Object.keys(row);
  db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map((column) => `:${column}`)})`).run(row);
};

const rows = (kept: Kept) => [...kept.entries.values()];
const seals = (kept: Kept) => [...kept.seals.values()];
const COLUMNS = [...AUDIT_FIELDS.map(({ column }) => column), 'salt', 'digest'];
const SEAL_COLUMNS = ['nr', 'tidspunkt', 'sidste', 'entries', 'forrige', 'indhold', 'hash'];

/** Another value for a column: any, that of another row, or its own a little different. */
function otherValue(chance: Chance, all: readonly Row[], row: Row, column: string): Value {
  const own = row[column]!;
  const slightly =
    typeof own === 'number'
      ? own + chance.one([-1, 1])
      : typeof own === 'string'
        ? flip(chance, own)
        : chance.value;
  return chance.one([chance.value, chance.one(all)[column]!, slightly]);
}

function flip(chance: Chance, text: string): string {
  const at = chance.one([...text].map((_, index) => index)) ?? 0;
  return text.slice(0, at) + chance.one(['', '0', 'a', 'A', ' ']) + text.slice(at + 1);
}

function swap(
  db: Db,
  table: string,
  key: string,
  [a, b]: readonly [Row, Row],
  columns: readonly string[],
): void {
  const part = (row: Row): Row => Object.fromEntries(columns.map((column) => [column, row[column]!]));
  update(db, table, key, a[key]!, part(b));
  update(db, table, key, b[key]!, part(a));
}

/** Numbers of entries from there on, further by so much. */
function renumber(db: Db, from: number, by: number): void {
  db.prepare('UPDATE audit_entry SET seq = -seq WHERE seq >= ?').run(from);
  db.prepare('UPDATE audit_entry SET seq = -seq + ? WHERE seq < 0').run(by);
}

/** The digest of a row as it now is, for an attacker who knows how it is made. */
export function redigest(db: Db, seq: number): void {
  const row = db.prepare<[number], Row>('SELECT * FROM audit_entry WHERE seq = ?').get(seq)!;
  const fields = AUDIT_FIELDS.filter(({ column }) => row[column] !== null);
  const entry = Object.fromEntries(fields.map(({ name, column }) => [name, row[column]]));
  const salt = (row.salt as Buffer | null)?.toString('hex');
  const digest = digestOf(faceOf(sidesOf(entry as unknown as AuditEntry), salt));
  update(db, 'audit_entry', 'seq', seq, { digest: Buffer.from(digest, 'hex') });
}

/** A seal that agrees with itself again, standing for the entries as they now are. */
export function reseal(db: Db, nr: number, changes: Row = {}): void {
  const seal = { ...db.prepare<[number], Row>('SELECT * FROM audit_seal WHERE nr = ?').get(nr)!, ...changes };
  const listed = String(seal.entries)
    .trimEnd()
    .split('\n')
    .map((line) => Number(line.split(' ')[0]));
  const entries = listed.map((seq) => ({
    seq,
    digest: db
      .prepare<[number], string>('SELECT lower(hex(digest)) FROM audit_entry WHERE seq = ?')
      .pluck()
      .get(seq)!,
  }));
  const indhold = contentHash(entries);
  const lines = entries.map(({ seq, digest }) => `${seq} ${digest}\n`).join('');
  const { tidspunkt, forrige } = seal as { tidspunkt: string; forrige: string };
  update(db, 'audit_seal', 'nr', nr, {
    ...changes,
    entries: lines,
    indhold,
    hash: sealHash({ nr, tidspunkt, forrige, indhold }),
  });
}

type Tampering = (db: Db, was: Kept, chance: Chance) => void;

/** Every way, by its name. */
export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'a column of an entry is changed'(db, was, chance) {
    const [row, column] = [chance.one(rows(was)), chance.one(COLUMNS)];
    update(db, 'audit_entry', 'seq', row.seq!, { [column]: otherValue(chance, rows(was), row, column) });
  },
  'a column of a sealed entry is changed, and its digest made anew'(db, was, chance) {
    const sealed = rows(was).filter(({ seq }) => (seq as number) < firstOf(was, Number.POSITIVE_INFINITY));
    const [row, column] = [chance.one(sealed), chance.one(COLUMNS.slice(1, -2))];
    const value = otherValue(chance, rows(was), row, column);
    if (Buffer.isBuffer(value)) return;
    update(db, 'audit_entry', 'seq', row.seq!, { [column]: value });
    redigest(db, row.seq as number);
  },
  'a column of a seal is changed'(db, was, chance) {
    const [row, column] = [chance.one(seals(was)), chance.one(SEAL_COLUMNS)];
    update(db, 'audit_seal', 'nr', row.nr!, { [column]: otherValue(chance, seals(was), row, column) });
  },
  'an entry is removed'(db, was, chance) {
    const all = rows(was);
    const { seq } = chance.one([all[0]!, all.at(-1)!, chance.one(all)]);
    db.prepare('DELETE FROM audit_entry WHERE seq = ?').run(seq);
    if (chance.one([true, false])) renumber(db, (seq as number) + 1, -1);
  },
  'a run of entries is removed'(db, was, chance) {
    const from = chance.one(rows(was)).seq as number;
    const to = from + chance.one([1, 2, 5, 50, 1000]);
    db.prepare('DELETE FROM audit_entry WHERE seq >= ? AND seq < ?').run(from, to);
  },
  'a forged entry is put behind the others'(db, was, chance) {
    const seq = was.entries.size + chance.one([1, 1, 2]);
    insert(db, 'audit_entry', { ...chance.one(rows(was)), seq });
  },
  'a forged entry is put before the first'(db, was, chance) {
    const seq = chance.one([0, -1, -1000, Number.MIN_SAFE_INTEGER]);
    insert(db, 'audit_entry', { ...chance.one(rows(was)), seq });
  },
  'a forged entry is put between others, which are renumbered'(db, was, chance) {
    const seq = chance.one(rows(was)).seq as number;
    renumber(db, seq, 1);
    insert(db, 'audit_entry', { ...chance.one(rows(was)), seq });
    if (seq < firstOf(was, Number.POSITIVE_INFINITY)) redigest(db, seq);
  },
  'two entries are swapped'(db, was, chance) {
    const columns = COLUMNS.slice(1);
    const two = [chance.one(rows(was)), chance.one(rows(was))] as const;
    swap(db, 'audit_entry', 'seq', two, chance.one([columns, chance.some(columns)]));
  },
  'a seal is removed'(db, was, chance) {
    const nr = chance.one([1, was.seals.size, chance.one(seals(was)).nr!]);
    db.prepare('DELETE FROM audit_seal WHERE nr = ?').run(nr);
    if (chance.one([true, false])) {
      db.prepare('UPDATE audit_seal SET nr = -nr WHERE nr > ?').run(nr);
      db.prepare('UPDATE audit_seal SET nr = -nr - 1 WHERE nr < 0').run();
    }
  },
  'all seals are removed, or all from one on'(db, was, chance) {
    db.prepare('DELETE FROM audit_seal WHERE nr >= ?').run(chance.one([1, chance.one(seals(was)).nr!]));
  },
  'two seals are swapped'(db, was, chance) {
    const columns = SEAL_COLUMNS.slice(1);
    const two = [chance.one(seals(was)), chance.one(seals(was))] as const;
    swap(db, 'audit_seal', 'nr', two, chance.one([columns, chance.some(columns)]));
  },
  'a seal is put behind the others or before the first'(db, was, chance) {
    const nr = chance.one([0, -3, was.seals.size + 1]);
    insert(db, 'audit_seal', { ...chance.one(seals(was)), nr });
  },
  'a seal that others follow is made anew'(db, was, chance) {
    const seal = chance.one(seals(was).slice(0, -1));
    const seq = (seal.sidste as number) - chance.one([0, 0, 1]);
    update(db, 'audit_entry', 'seq', seq, { user_full_name: 'En anden' });
    redigest(db, seq);
    reseal(db, seal.nr as number);
  },
  'a counter is changed'(db, _, chance) {
    const name = chance.one(['audit_entry', 'audit_seal']);
    const value = chance.one([chance.value, 3, 10_000, 'x', null]);
    // A number would be written as a real one.
    const to = typeof value === 'number' ? BigInt(value) : value;
    if (chance.one([true, false])) db.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(name);
    else db.prepare('UPDATE sqlite_sequence SET seq = ? WHERE name = ?').run(to, name);
  },
};
