// Makes the lines of an export: the entries that are asked for, and behind them the seals that stand for them. A seal
// between two such seals is there as a link, so that the chain holds from the first to the last.

import { faceOf, sidesOf } from '../../access/audit/digest.ts';
import type { StoredEntry } from '../../access/audit/entry.ts';
import type { AuditFilter, AuditReader } from '../../store/store.ts';
import type { ExportedEntry, ExportLine } from './export-line.ts';
import { allEntries, allSeals } from './pages.ts';

/** What is exported, and how. */
export interface ExportRequest {
  readonly now: Date;
  readonly filter?: AuditFilter;
  /** The filter in words for the first line, without a personnummer. */
  readonly described: Readonly<Record<string, string | number>>;
  /** With personnumre; otherwise they are masked. */
  readonly reveal: boolean;
}

/** The lines of an export, in order. */
export async function* exportLines(audit: AuditReader, request: ExportRequest): AsyncGenerator<ExportLine> {
  const { now, filter, described, reveal } = request;
  yield { export: { format: 1, tidspunkt: now.toISOString(), filter: described } };
  const selected = allEntries(audit, filter);
  let entries = 0;
  let seals = 0;
  let { value: next } = await selected.next();
  for await (const seal of allSeals(audit)) {
    if (next === undefined) break;
    const last = seal.entries.at(-1)?.seq ?? 0;
    const isLink = next.entry.seq > last;
    if (isLink && seals === 0) continue; // before the first that is needed
    for (; next !== undefined && next.entry.seq <= last; { value: next } = await selected.next()) {
      yield { entry: exported(next, reveal) };
      entries += 1;
    }
    const { entries: list, problem: _, ...link } = seal;
    yield { seal: isLink ? link : { ...link, entries: list } };
    seals += 1;
  }
  for (; next !== undefined; { value: next } = await selected.next()) {
    yield { entry: exported(next, reveal) };
    entries += 1;
  }
  yield { end: { entries, seals } };
}

/** An entry as an export shows it: in full with its salt, or its face. */
function exported({ entry, salt }: StoredEntry, reveal: boolean): ExportedEntry {
  if (reveal) return { ...entry, ...(salt && { salt }) };
  return faceOf(sidesOf(entry), salt) as ExportedEntry;
}
