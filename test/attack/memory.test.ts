// S2: however often they come, attacks leave the memory of the service where it was.
//
// PENSION_TEST_ROUNDS says how often the whole table of great attacks is sent.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Held } from './memory.ts';

const ROUNDS = Number(process.env.PENSION_TEST_ROUNDS || 2);
const MB = 1_048_576;

/**
 * Megabytes by which each may grow. RSS also holds what the allocator keeps for later: it comes to rest after some
 * 1 000 attacks, 80 to 110 above where it was, and stays there.
 */
const MOST: Readonly<Record<keyof Held, number>> = { heap: 8, buffers: 8, wasm: 4, rss: 160 };

describe('S2: attacks, again and again', function () {
  this.timeout(ROUNDS * 30_000 + 60_000);

  it(`leave the memory where it was: ${ROUNDS} rounds`, () => {
    const script = fileURLToPath(new URL('memory.ts', import.meta.url));
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', script, String(ROUNDS)], {
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
    const { sent, before, after } = JSON.parse(stdout) as { sent: number; before: Held; after: Held };
    const kinds = Object.keys(MOST) as (keyof Held)[];
    const grown = kinds.map((kind) => [kind, (after[kind] - before[kind]) / MB] as const);
    const words = grown.map(([kind, more]) => `${kind} ${more.toFixed(1)}`).join(', ');
    expect(before.wasm, 'the memory of libxml2 is seen').to.be.greaterThan(MB);
    for (const [kind, more] of grown) expect(more, `${kind} has grown (${words})`).to.be.below(MOST[kind]);
    console.log(
      `      S2: ${sent} great attacks, megabytes grown: ${words}; of libxml2 ${(after.wasm / MB).toFixed(0)} in all`,
    );
  });
});
