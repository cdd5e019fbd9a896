// CreateSequence may name a queue, and only the default one exists, which has no name. What else it may carry means
// nothing here.

import { elementInWords } from './element-words.ts';
import { type Fejl, fejl } from './fejlkatalog.ts';
import { childElements, type Element } from './xml.ts';

/** The refusal (1014) of a valid CreateSequence that names another queue than the default one. */
export function findOtherQueue(payload: Element): Fejl | undefined {
  const queue = childElements(payload).find(({ name }) => name === 'SubQueueIdentifier');
  if (queue === undefined || queue.content === '') return undefined;
  return fejl(
    1014,
    `${elementInWords(queue)}: it names a queue; expected no name, or no element, for there is only the default queue.`,
  );
}
