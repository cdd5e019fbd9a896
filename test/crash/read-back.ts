// What a Get shows of a citizen, held against what was said about that citizen: the last acknowledged state of each
// forløb, or that of a later call whose answer was lost.

import type { CallResult } from '../../src/cli/client/pension-client.ts';
import type { GetTidligPensionResponse } from '../../src/contract/messages.ts';
import { type History, isSame } from '../support/history.ts';
import { saidBy } from '../support/said-messages.ts';

/** What is wrong with the answer, without the citizen; undefined when nothing is. */
export function misreadBy(
  history: History,
  borger: string,
  read: CallResult<GetTidligPensionResponse>,
): string | undefined {
  if (read.kind !== 'answered') return `a Get was not answered: ${JSON.stringify(read)}`;
  const owed = history.acknowledgedOf(borger);
  for (const shown of read.value.TidligPension) {
    const id = shown.TidligPensionIdentifier.toLowerCase();
    owed.delete(id);
    const named = history.mayStandAt(id);
    const may = named.length > 0 ? named : history.unnamedOf(borger);
    if (!may.some((said) => isSame(said, saidBy(shown)))) return `${id} is shown as nobody has left it`;
  }
  const [missing] = owed;
  return missing === undefined ? undefined : `${missing} was acknowledged and is not shown`;
}
