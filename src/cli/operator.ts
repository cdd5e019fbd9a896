// The head of the audit entry that a command leaves: who ran it, when, and which event it was.

import { userInfo } from 'node:os';
import type { NewAuditEntry, OperatorEvent } from '../access/audit/entry.ts';
import { systemPorts } from '../domain/ports.ts';

/** The entry of a command that runs now, under the account that runs it, with what only that command knows. */
export const operatorEntry = (
  event: OperatorEvent,
  fields: Pick<NewAuditEntry, 'personnummer' | 'detaljer'> = {},
): NewAuditEntry => ({
  tidspunkt: systemPorts.now().toISOString(),
  correlationId: systemPorts.newId(),
  operation: event,
  udfald: 'udfoert',
  system: 'pension',
  userIdentifier: `os:${accountName()}`,
  ...fields,
});

/** The account of this process; its number where it has no name, as in some containers. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
