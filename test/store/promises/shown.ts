// What Get would show of a citizen: the question most promises end with.

import type { TidligPensionMessage } from '../../../src/contract/messages.ts';
import { forloebMessage, iVisningsorden } from '../../../src/domain/get.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { getQuery, type StoreUnderTest } from '../../support/store-fixtures.ts';

/** Reads as UDK, in the order and the words of the answer. Throws when the store refuses. */
export async function shown(
  { store }: StoreUnderTest,
  personnummer: Personnummer,
): Promise<TidligPensionMessage[]> {
  const read = await store.get(getQuery(personnummer));
  if (!read.ok) throw new Error(`the store refuses UDK with ${read.fejl.kode}`);
  return iVisningsorden(read.value).map(forloebMessage);
}
