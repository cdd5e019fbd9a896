// Executes fixtures/examples: each folder is one situation on an empty store, and every answer is the one written
// there.

import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { canonical, schemaErrors } from '../support/answers.ts';
import { send } from '../support/raw-client.ts';
import { startTestService } from '../support/service.ts';
import { withCvr } from '../support/world-facts.ts';

const FOLDER = new URL('../../fixtures/examples/', import.meta.url);
const STEP = /^(\d+)-(.+)-(save|get)\.request\.xml$/;
const SOAP_ACTIONS: Readonly<Record<string, string>> = {
  save: PENSION_SERVICE.operations[0]!.soapAction,
  get: PENSION_SERVICE.operations[1]!.soapAction,
};

const titleOf = (folder: string): string =>
  readFileSync(new URL(`${folder}/about.md`, FOLDER), 'utf8')
    .split('\n')[0]!
    .replace(/^# /, '');

describe('the examples', () => {
  for (const folder of readdirSync(FOLDER).sort()) {
    it(`${folder}: ${titleOf(folder)}`, () => runExample(folder));
  }
});

async function runExample(folder: string): Promise<void> {
  const at = new URL(`${folder}/`, FOLDER);
  const steps = readdirSync(at)
    .flatMap((file) => STEP.exec(file) ?? [])
    .filter((_, index) => index % 4 === 0)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  expect(steps).to.not.be.empty;
  const service = await startTestService();
  const guids = new Map<string, string>();
  try {
    for (const file of steps) {
      const [, , caller, operation] = STEP.exec(file)!;
      const request = replaceGuids(readFileSync(new URL(file, at), 'utf8'), guids);
      const body = withCvr(service.world, Buffer.from(request));
      const answer = await send(service, {
        caller: caller!,
        body,
        headers: { SOAPAction: `"${SOAP_ACTIONS[operation!]}"` },
      });
      expect(schemaErrors(answer.body), file).to.deep.equal([]);
      const expected = readFileSync(new URL(file.replace('.request.', '.response.'), at), 'utf8');
      expect(answer.status, file).to.equal(expected.includes('faultcode') ? 500 : 200);
      compare(canonical(expected), canonical(answer.body), guids, file);
    }
  } finally {
    await service.stop();
  }
}

const replaceGuids = (text: string, guids: ReadonlyMap<string, string>): string =>
  text.replace(
    /\{guid-\d+\}/g,
    (name) => guids.get(name) ?? expect.fail(`${name} is used before it is known`),
  );

/** Compares line by line, filling in what placeholders stand for. */
function compare(expected: string, actual: string, guids: Map<string, string>, file: string): void {
  const [wanted, got] = [expected.split('\n'), actual.split('\n')];
  expect(got.length, `${file}\n${actual}`).to.equal(wanted.length);
  wanted.forEach((line, index) => {
    const names: string[] = [];
    const pattern = line
      .split(/(\{guid-\d+\}|\{correlation\}|\{\*\})/)
      .map((part) => {
        if (part === '{correlation}') return '[^<]+';
        if (part === '{*}') return '[^<]*';
        if (!/^\{guid-\d+\}$/.test(part)) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
        if (guids.has(part)) return guids.get(part)!;
        names.push(part);
        return '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
      })
      .join('');
    const match = new RegExp(`^${pattern}$`).exec(got[index]!);
    expect(match, `${file}: expected ${line}, got ${got[index]}`).to.not.equal(null);
    if (line.includes('>{*}<')) expect(got[index], file).to.not.match(/><\//);
    names.forEach((name, at) => {
      const guid = match![at + 1]!;
      expect([...guids.values()], `${file}: ${name} is a new identifier`).to.not.include(guid);
      guids.set(name, guid);
    });
  });
}
