// Mocha's dots, and at the end one plain line that any CI can read: how many passed, failed and were skipped.

import Mocha from 'mocha';

export default class PlainSummary extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    // Last, after the failures have been listed.
    process.once('exit', () => {
      const { passes, failures, pending } = this.stats;
      const skipped = pending > 0 ? `, ${pending} skipped` : '';
      process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`);
    });
  }
}
