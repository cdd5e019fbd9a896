// What is numbered is read page by page, and every row of it is seen.

import { expect } from 'chai';
import { inPages } from '../../../src/store/verify/pages.ts';

const LIMIT = 3;

/** Reads rows of those numbers, which are in order, in pages. */
async function readAll(numbers: readonly number[]): Promise<number[]> {
  const read = async ({ after, limit }: { readonly after: number; readonly limit: number }) =>
    numbers.filter((nr) => nr > after).slice(0, limit);
  const seen: number[] = [];
  for await (const nr of inPages(LIMIT, read, (row) => row)) {
    seen.push(nr);
    if (seen.length > numbers.length) break;
  }
  return seen;
}

describe('what is read in pages', () => {
  it('is seen once each, however many fill the last page', async () => {
    for (let rows = 0; rows <= 3 * LIMIT + 1; rows += 1) {
      const numbers = Array.from({ length: rows }, (_, at) => 2 * at + 1);
      expect(await readAll(numbers), `${rows} rows`).to.deep.equal(numbers);
    }
  });

  it('is seen also with numbers that are never given', async () => {
    const numbers = [Number.MIN_SAFE_INTEGER, -4, 0, 1, 2, 9];
    expect(await readAll(numbers)).to.deep.equal(numbers);
  });
});
