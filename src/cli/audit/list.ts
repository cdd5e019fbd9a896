// Entries of the trail for people, a line each.

import { sidesOf } from '../../access/audit/digest.ts';
import type { NewAuditEntry } from '../../access/audit/entry.ts';

/** An entry that may not have a number yet. */
export type ListedEntry = NewAuditEntry & { readonly seq?: number };

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
  return `${parts.filter((part) => part !== '').join('  ')}\n`;
}

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
