// What an experiment does where the machine lacks what it needs: it is skipped with the reason, or it fails. A proof that
// was skipped is none, so the long verbs of make set PENSION_TEST_MUST=1, and nothing may be skipped then.

const MUST = process.env.PENSION_TEST_MUST === '1';

/** Skips the test, or the tests behind the hook, and says why in a line of that promise. Throws where nothing may be skipped. */
export function leaveOut(test: Mocha.Context, promise: string, why: string): never {
  if (MUST)
    throw new Error(`${promise} is not proved here: ${why} (PENSION_TEST_MUST=1: nothing may be skipped)`);
  console.log(`      ${promise}: skipped, ${why}`);
  return test.skip();
}
