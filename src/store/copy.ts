// Copies a whole store from one database to another. Killed at any moment it goes on where it was; and what it makes is
// no store until every row in it has been compared and every invariant verified.

import type { AuditEvent, NewAuditEntry } from '../access/audit/entry.ts';
import { differences } from './copy/digest.ts';
import type { CopyOrigin, CopyProgress, CopyReader, CopySide, CopyTarget } from './copy/sides.ts';
import { COPY_STEPS, type CopyRow } from './copy/tables.ts';
import type { StoreRows } from './verify/rows.ts';

/** A copy that cannot be made, or not finished; `message` says why, and what to do. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

export interface CopyRequest {
  readonly from: CopySide;
  readonly to: CopySide;
  /** The entry of this command, with what was done as JSON. */
  readonly entry: (detaljer: string) => NewAuditEntry;
  /** How many rows of how many have been copied; then how many have been compared of how many. */
  readonly onRows: (what: 'copied' | 'compared', done: number, total: number) => void;
  /** Verifies the copy and closes it; gives the checks that it does not pass. */
  readonly verify: (rows: StoreRows) => Promise<readonly string[]>;
}

/** What was done. */
export interface Copied extends CopyOrigin {
  /** What was there: with `unfinished` it was gone on with, with `finished` nothing was done. */
  readonly found: 'nothing' | 'unfinished' | 'finished';
  /** The rows of each table. */
  readonly rows: ReadonlyMap<string, number>;
}

/** Every row is written, and the rules of the database hold again. */
const COMPLETE: CopyProgress = { step: COPY_STEPS.length + 1 };

/** Copies. Rejects with CopyRefused and StoreError; then there is no store, or an unfinished one to go on with. */
export async function copyStore(request: CopyRequest): Promise<Copied> {
  const { from, to } = request;
  const place = await to.look();
  if (place.state === 'taken') return copiedBefore(request);
  const source = place.state === 'free' ? await begun(request) : await from.read();
  let target: CopyTarget | undefined;
  try {
    const origin = await source.origin();
    if (place.state === 'unfinished') demandSame(place.marker, origin);
    else if (origin === undefined) throw inUse();
    target = place.state === 'free' ? await to.begin(origin!) : await to.goOn();
    const rows = await copyRows(request, source, target);
    const copied: Copied = { ...origin!, rows, found: place.state === 'free' ? 'nothing' : 'unfinished' };
    await finish(request, target, copied);
    return copied;
  } finally {
    await source.close();
    await target?.close();
  }
}

/** Leaves the entry in the source, and opens it with a seal over all that it holds. */
async function begun({ from, to, entry }: CopyRequest): Promise<CopyReader> {
  const store = await from.open();
  try {
    await store.audit.record(entry(JSON.stringify({ trin: 'paabegyndt', til: to.kind })));
  } finally {
    await store.close();
  }
  return from.read();
}

/** Writes what is not written yet, and puts the rules back. */
async function copyRows(
  { to, onRows }: CopyRequest,
  source: CopyReader,
  target: CopyTarget,
): Promise<ReadonlyMap<string, number>> {
  // Where it is is read only now: of a process that was killed nothing comes any more.
  const place = await to.look();
  if (place.state !== 'unfinished') throw new CopyRefused('TO is not an unfinished copy any more.');
  let kept = place.marker.progress;
  const counts = await source.counts();
  const total = sum(counts);
  let done = kept.step === 0 ? 0 : sum(await countsIn(to));
  for (let at = kept; at.step < COPY_STEPS.length; ) {
    onRows('copied', done, total);
    const page = await source.page(COPY_STEPS[at.step]!, at.after);
    at = page === undefined ? { step: at.step + 1 } : { step: at.step, after: page.last };
    if (page === undefined) continue;
    await target.write(COPY_STEPS[at.step]!, page, kept, at);
    kept = at;
    done += page.rows.reduce((rows, some) => rows + some.length, 0);
  }
  onRows('copied', total, total);
  if (kept.step < COMPLETE.step) await target.complete(await source.counters(), kept, COMPLETE);
  return counts;
}

/** Holds what was written against the source, which must not have gone on, and to the invariants; then it is a store. */
async function finish(request: CopyRequest, target: CopyTarget, copied: Copied): Promise<void> {
  const { from, to, onRows } = request;
  const { poster, segl, rows } = copied;
  const [source, copy] = [await from.read(), await to.read({ unfinished: true })];
  try {
    demandSame(copied, await source.origin());
    const total = 2 * sum(rows);
    let done = 0;
    const found = await differences([source, copy], (more) => {
      done += more;
      onRows('compared', done, total);
    });
    if (found.length > 0)
      throw new CopyRefused(
        `TO differs from FROM in ${found.join(', ')}, and stays unfinished. Run pension verify-store on FROM; remove TO, and begin again.`,
      );
  } finally {
    await source.close();
    await copy.close();
  }
  const bad = await request.verify(await to.rows());
  if (bad.length > 0)
    throw new CopyRefused(
      `TO holds what FROM holds, and does not pass ${bad.join(', ')}: neither does FROM. It stays unfinished. Look into FROM first, with pension verify-store.`,
    );
  const last = await from.read(); // which may have gone on while all that was looked at
  await last
    .origin()
    .then((origin) => demandSame(copied, origin))
    .finally(() => last.close());
  const detaljer = { trin: 'faerdig', fra: from.kind, poster, segl };
  await target.finish(request.entry(JSON.stringify(detaljer)), COMPLETE);
  await (await to.open()).close(); // which seals
}

/** Nothing is written over a store; but the copy that was asked for may be that store. */
async function copiedBefore({ from, to }: CopyRequest): Promise<Copied> {
  const [source, copy] = [await from.read(), await to.read()];
  try {
    const origin = await source.origin();
    const next = origin && (await copy.page({ ...TRAIL, size: 1 }, [origin.poster]));
    const { fra, poster, segl } = saidBy(next?.rows[0]?.[0] ?? []);
    if (origin !== undefined && fra === from.kind && poster === origin.poster && segl === origin.segl)
      return { ...origin, found: 'finished', rows: await source.counts() };
    throw new CopyRefused(
      'TO is a store already, and nothing is written over one. Name a place where there is none, or remove that one first.',
    );
  } finally {
    await source.close();
    await copy.close();
  }
}

const TRAIL = COPY_STEPS.find(({ tables }) => tables[0]!.name === 'audit_entry')!;
const placeIn = (column: string): number => TRAIL.tables[0]!.columns.findIndex(({ name }) => name === column);

/** What an entry says of the copy that it ends. */
function saidBy(entry: CopyRow): { readonly fra?: string } & Partial<CopyOrigin> {
  const event: AuditEvent = 'KopierStore';
  const [operation, detaljer] = [entry[placeIn('operation')], entry[placeIn('detaljer')]];
  return operation === event ? JSON.parse(String(detaljer)) : {};
}

function demandSame(then: CopyOrigin, now: CopyOrigin | undefined): void {
  if (now?.poster === then.poster && now.segl === then.segl) return;
  throw new CopyRefused(
    `FROM has gone on since this copy was begun, when it went up to audit entry ${then.poster}. Stop its services, remove TO, and begin again.`,
  );
}

const inUse = (): CopyRefused =>
  new CopyRefused('FROM is in use: something has come in just now. Stop its services, and run this again.');

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((all, some) => all + some, 0);

async function countsIn(to: CopySide): Promise<ReadonlyMap<string, number>> {
  const reader = await to.read({ unfinished: true });
  try {
    return await reader.counts();
  } finally {
    await reader.close();
  }
}
