// What a trail keeps, read without the program, and which entry is the first bad one in a file that was tampered with:
// found by comparing it with what it was, not by anything that the verification does.

import Database from 'better-sqlite3';

export type Value = string | number | null | Buffer;
export type Row = Record<string, Value>;

/** All that a trail keeps. */
export interface Kept {
  readonly entries: ReadonlyMap<number, Row>;
  readonly seals: ReadonlyMap<number, Row>;
  readonly counters: ReadonlyMap<string, Value>;
}

/** Reads it, without the program. */
export function readKept(file: string): Kept {
  const db = new Database(file, { readonly: true });
  const all = (sql: string): Row[] => db.prepare<[], Row>(sql).all();
  const kept = {
    entries: new Map(all('SELECT * FROM audit_entry').map((row) => [row.seq as number, row])),
    seals: new Map(all('SELECT * FROM audit_seal').map((row) => [row.nr as number, row])),
    counters: new Map(all('SELECT * FROM sqlite_sequence').map(({ name, seq }) => [name as string, seq!])),
  };
  db.close();
  return kept;
}

/** Number of the first entry a seal stands for: behind those of the seal before. */
export const firstOf = ({ seals }: Kept, nr: number): number => {
  const before = [...seals.values()]
    .filter((seal) => (seal.nr as number) < nr)
    .map(({ sidste }) => sidste as number);
  return Math.max(0, ...before) + 1;
};

const differ = (a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>, key: unknown): boolean =>
  JSON.stringify(a.get(key)) !== JSON.stringify(b.get(key));

/** The first bad entry; undefined when nothing was changed. */
export function firstBad(was: Kept, is: Kept): number | undefined {
  const bad: number[] = [];
  for (const seq of new Set([...was.entries.keys(), ...is.entries.keys()]))
    if (differ(was.entries, is.entries, seq)) bad.push(seq);
  for (const nr of new Set([...was.seals.keys(), ...is.seals.keys()]))
    if (differ(was.seals, is.seals, nr)) bad.push(firstOf(was, nr));
  const low = (name: string): number => {
    const [before, now] = [was.counters.get(name), is.counters.get(name)];
    return Math.max(0, Math.min(before as number, typeof now === 'number' ? now : 0)) + 1;
  };
  if (differ(was.counters, is.counters, 'audit_entry')) bad.push(low('audit_entry'));
  if (differ(was.counters, is.counters, 'audit_seal')) bad.push(firstOf(was, low('audit_seal')));
  return bad.length === 0 ? undefined : Math.min(...bad);
}
