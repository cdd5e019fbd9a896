// Identifiers as operators give them: those of a besked, a forløb or a sequence, copied from anywhere.

import { isGuid } from '../../contract/guid.ts';
import { UsageError } from '../outcome.ts';

/** Reads one, in any case; it is kept in lower case. Throws UsageError, which does not repeat what was given. */
export function readIdentifier(argument: string): string {
  const text = argument.trim();
  if (isGuid(text)) return text.toLowerCase();
  throw new UsageError(
    'an identifier is a GUID: 8-4-4-4-12 hexadecimal digits with hyphens, as MessageIdentifier, TidligPensionIdentifier and the Identifier of a sequence are.',
  );
}
