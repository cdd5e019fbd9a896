// What a database says when it refuses by itself: the name of the rule, or the code where the value is none of its type.

import { expect } from 'chai';
import pg from 'pg';

/** It is refused by that rule: a trigger, a constraint, or a code of PostgreSQL. A name that begins with `_` is an end. */
export async function expectRefusal(rule: string, work: () => Promise<unknown>): Promise<void> {
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof pg.DatabaseError)) expect.fail(`${rule} did not refuse: ${String(error)}`);
  const { constraint, code, message } = error;
  if (rule.startsWith('_')) expect(message).to.match(new RegExp(`${rule}$`));
  else expect([constraint, code, message], `${code} ${message}`).to.include(rule);
}
