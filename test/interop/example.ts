// The sample programs that the documentation shows: they must do what they say, and the documentation must show them.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { REPOSITORY } from './fixture.ts';
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

/** Every code block of the section about a client must stand, line for line, in one of its files. */
export function expectDocumented(heading: string, ...files: readonly string[]): void {
  const documentation = readFileSync(path.join(REPOSITORY, 'docs/clients.md'), 'utf8');
  const section = documentation.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  expect(section, `a section "${heading}" in docs/clients.md`).not.to.equal(undefined);
  const blocks = [...section!.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
  expect(blocks).not.to.have.length(0);
  const sources = files.map((file) => lines(readFileSync(path.join(import.meta.dirname, file), 'utf8')));
  for (const block of blocks) {
    const found = sources.some((source) => source.includes(lines(block)));
    expect(found, `this block of docs/clients.md stands in ${files.join(' or ')}:\n${block}`).to.equal(true);
  }
}

/** Without indentation, so that a block may be shown flush left. */
const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
