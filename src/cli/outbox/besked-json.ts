// What an identifier means as JSON, for programs: the words of the store.

import type { BeskedFacts, OutboxFinding } from '../../store/outbox.ts';
import type { Shown } from './shown.ts';

/** The sequence, if it is one, and every besked, as an object to print. */
export const findingJson = (
  { sequence }: Pick<OutboxFinding, 'sequence'>,
  beskeder: readonly Shown<BeskedFacts>[],
) => ({ ...(sequence && { sequence }), beskeder });
