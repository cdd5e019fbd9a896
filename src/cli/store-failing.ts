// What a command says when the store itself fails under it, and what to do then.

import { StoreBusyError, type StoreFailingError } from '../store/store.ts';

/** The cause and the remedy, for people. */
export function storeFailingText(error: StoreFailingError): string {
  if (error instanceof StoreBusyError) return `${error.message}. Run the command again.`;
  const maybe = error.mayBeKept ? ' What was asked may be kept all the same: look before you ask again.' : '';
  return (
    `${error.message}. See that its disk has room and works, or that the database can be reached, ` +
    'run pension verify-store, and then the command again ' +
    `(docs/operations.md, "A disk that is full or fails").${maybe}`
  );
}
