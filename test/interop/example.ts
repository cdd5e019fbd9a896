// What each sample program must print: it does what the documentation says of it.

import { expect } from 'chai';
import type { Finished } from './run.ts';

/** Expects what each sample prints: a Save, a Get and the refusal 9434 of the second Save. */
export function expectSaveGetAndRefusal({ status, stdout, stderr }: Finished): void {
  expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
  const lines = stdout.replace('Personnummer: ', '').trimEnd().split('\n');
  const saved = /^saved ([0-9a-f-]{36})$/.exec(lines[0] ?? '')?.[1];
  expect(saved, stdout).not.to.equal(undefined);
  expect(lines[1]).to.equal(`read ${saved} 2026-02-01`);
  expect(lines[2]).to.match(new RegExp(`^refused 9434 .*forløb ${saved}.*ophørsdato`));
  expect(lines).to.have.length(3);
}
