// Random tests that can be repeated: a failure prints its seed and the command that replays it.

import path from 'node:path';
import fc from 'fast-check';
import type { ModelIndberetning } from '../support/domain-model.ts';
import { WINDOW } from '../support/domain-model.ts';

const { PENSION_TEST_SEED: SEED, PENSION_TEST_PATH: PATH } = process.env;

/**
 * A promise that holds for every random input. PENSION_TEST_SEED chooses the seed, PENSION_TEST_PATH goes straight
 * to the counterexample of a failure.
 */
export function itRandomly<T>(title: string, property: fc.IRawProperty<T>, numRuns = 500): void {
  it(title, async function () {
    const seed = SEED ? Number(SEED) : undefined;
    const result = await fc.check(property, {
      numRuns,
      ...(seed !== undefined && { seed }),
      ...(PATH !== undefined && { path: PATH, endOnFailure: true }),
    });
    if (!result.failed) return;
    const file = path.relative(process.cwd(), this.test?.file ?? '');
    const name = (this.test?.fullTitle() ?? title).replaceAll("'", "'\\''");
    const replay =
      `PENSION_TEST_SEED=${result.seed} PENSION_TEST_PATH=${result.counterexamplePath} ` +
      `npx mocha --no-config --timeout 30000 -f '${name}' '${file}'`;
    throw new Error(
      `${fc.defaultReportMessage(result)}\n${String(result.errorInstance ?? '')}\n\nSeed ${result.seed}; replay it with:\n  ${replay}`,
    );
  });
}

const windowDays = fc.integer({ min: 0, max: WINDOW - 1 });
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

/** A period within the window: open, closed, or of one day. */
export const anyPeriode = fc
  .tuple(windowDays, seldom(windowDays))
  .map(([a, b]) => (b === undefined ? { start: a } : { start: Math.min(a, b), slut: Math.max(a, b) }));

/** One indberetning of a random sequence: often short, sometimes the wrong way round, sometimes empty. */
export const anyIndberetning: fc.Arbitrary<ModelIndberetning> = fc.record({
  borger: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  guid: fc.option(fc.nat(3), { nil: undefined, freq: 4 }),
  upper: fc.boolean(),
  overgang: seldom(
    fc
      .record({
        start: windowDays,
        length: fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined, freq: 8 }),
        afgjort: windowDays,
      })
      .map(({ start, length, afgjort }) => ({
        start,
        afgjort,
        ...(length !== undefined && { slut: Math.min(start + length, WINDOW - 1) }),
      })),
  ),
  kompensation: fc.option(windowDays, { nil: undefined, freq: 1 }),
});

/** A sequence of indberetninger about two citizens. */
export const anySequence = fc.array(anyIndberetning, { minLength: 1, maxLength: 25, size: 'max' });
