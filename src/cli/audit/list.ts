// Entries of the trail for people, a line each.

import { sidesOf } from '../../access/audit/digest.ts';
import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { AuditFilter, AuditReader } from '../../store/store.ts';
import { letsThrough } from './filter.ts';
import { allEntries } from './pages.ts';

/** An entry that may not have a number yet. */
export type ListedEntry = NewAuditEntry & { readonly seq?: number };

/** The entries that are asked for, and then what is still being gathered; only the `last` so many of them all. */
export async function* listed(
  audit: AuditReader,
  filter: AuditFilter,
  last?: number,
): AsyncGenerator<ListedEntry> {
  const gathering = (await audit.gathering()).filter((entry) => letsThrough(filter, entry));
  const from = last === undefined ? undefined : await beginningOfLast(audit, filter, last - gathering.length);
  for await (const { entry } of allEntries(audit, filter, from)) yield entry;
  yield* last === undefined ? gathering : gathering.slice(-last);
}

/** The number behind which the last `count` entries lie. Only numbers are kept on the way: there may be millions. */
async function beginningOfLast(
  audit: AuditReader,
  filter: AuditFilter,
  count: number,
): Promise<number | undefined> {
  if (count <= 0) return Number.POSITIVE_INFINITY;
  const seqs: number[] = [];
  for await (const { entry } of allEntries(audit, filter)) seqs.push(entry.seq);
  return seqs.at(-count - 1);
}

/** The entry as it may be shown: personnumre masked, unless revealed. */
export const shown = (entry: ListedEntry, reveal: boolean): ListedEntry =>
  reveal ? entry : (sidesOf(entry as Parameters<typeof sidesOf>[0]).shown as unknown as ListedEntry);

/** One line: number, time, what, outcome, by whom and for whom, about whom, and what became of it. */
export function describeEntry(entry: ListedEntry): string {
  const parts = [
    `#${entry.seq ?? '–'}`.padEnd(8),
    entry.tidspunkt,
    (entry.operation ?? '(no operation)').padEnd(18),
    entry.udfald === 'udfoert' ? 'done' : `refused ${entry.fejlkode}`,
    entry.antal === undefined ? '' : `× ${entry.antal}`,
    by(entry),
    about(entry),
    besked(entry),
    entry.detaljer ?? '',
    entry.correlationId,
  ];
  return `${printable(parts.filter((part) => part !== '').join('  '))}\n`;
}

/** What a caller has written must not end the line, nor steer the terminal. */
const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`);

function by(entry: ListedEntry): string {
  const organisation =
    entry.activeOrganisationCode === undefined
      ? ''
      : `for ${entry.activeOrganisationType}:${entry.activeOrganisationCode}`;
  const request =
    entry.requestOrganisationCode === undefined ||
    (entry.requestOrganisationCode === entry.activeOrganisationCode &&
      entry.requestOrganisationType === entry.activeOrganisationType)
      ? ''
      : `asked by ${entry.requestOrganisationType}:${entry.requestOrganisationCode}`;
  const user = [entry.userFullName, entry.userIdentifier && `<${entry.userIdentifier}>`]
    .filter(Boolean)
    .join(' ');
  const caller =
    entry.system ?? (entry.certificate && `certificate ${entry.certificate}`) ?? entry.adresse ?? '';
  return [caller, organisation, request, user].filter((part) => part !== '').join(' ');
}

const about = ({ personnummer, forloebId, version }: ListedEntry): string =>
  [personnummer, forloebId && `forløb ${forloebId}`, version !== undefined && `version ${version}`]
    .filter(Boolean)
    .join(' ');

function besked({ modtager, modtagerAarsag }: ListedEntry): string {
  if (modtagerAarsag === undefined) return '';
  return modtager === undefined
    ? `besked waits (${modtagerAarsag})`
    : `besked to ${modtager} (${modtagerAarsag})`;
}
