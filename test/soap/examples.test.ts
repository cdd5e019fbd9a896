// Executes fixtures/examples: each folder is one situation on an empty store, and every answer is the one written
// there.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { canonical, schemaErrors } from '../support/answers.ts';
import { calledBy, EXAMPLES, STEPS } from '../support/example-steps.ts';
import { newStore } from '../support/new-store.ts';
import { send } from '../support/raw-client.ts';
import { loadRegister } from '../support/register-fixture.ts';
import { demoWorld, startTestService, type TestService } from '../support/service.ts';
import { withCvr } from '../support/world-facts.ts';

const STEP = new RegExp(`^(\\d+)-(.+)-(${STEPS})\\.request\\.xml$`);

/** An instant as the Danish clock shows it. */
const INSTANT = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+0[12]:00';

const titleOf = (folder: string): string =>
  readFileSync(new URL(`${folder}/about.md`, EXAMPLES), 'utf8')
    .split('\n')[0]!
    .replace(/^# /, '');

describe('the examples', () => {
  for (const folder of readdirSync(EXAMPLES).sort()) {
    it(`${folder}: ${titleOf(folder)}`, () => runExample(folder));
  }
});

async function runExample(folder: string): Promise<void> {
  const at = new URL(`${folder}/`, EXAMPLES);
  const steps = readdirSync(at)
    .flatMap((file) => STEP.exec(file) ?? [])
    .filter((_, index) => index % 4 === 0)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  expect(steps).to.not.be.empty;
  const service = await startWith(new URL('medlemskaber.csv', at));
  const guids = new Map<string, string>();
  try {
    for (const file of steps) {
      const [, , caller, step] = STEP.exec(file)!;
      const called = calledBy(step!);
      const request = replaceGuids(readFileSync(new URL(file, at), 'utf8'), guids);
      const body = withCvr(service.world, Buffer.from(request));
      const answer = await send(service, {
        caller: caller!,
        path: called.service.path,
        body,
        headers: { SOAPAction: `"${called.operation.soapAction}"` },
      });
      expect(schemaErrors(answer.body), file).to.deep.equal([]);
      const expected = responseOf(service, new URL(file.replace('.request.', '.response.'), at));
      expect(answer.status, file).to.equal(expected.includes('faultcode') ? 500 : 200);
      compare(canonical(expected), canonical(answer.body), guids, file);
    }
  } finally {
    await service.stop();
  }
}

/** Starts a service on an empty store, or on one that has the register of the example. */
async function startWith(register: URL): Promise<TestService> {
  if (!existsSync(register)) return startTestService();
  const address = await newStore();
  await loadRegister(address, await demoWorld(), register);
  return startTestService({ PENSION_STORE: address });
}

const responseOf = ({ world, url }: TestService, file: URL): string =>
  Buffer.from(withCvr(world, readFileSync(file)))
    .toString('utf8')
    .replaceAll('{url}', url);

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
      .split(/(\{guid-\d+\}|\{correlation\}|\{instant\}|\{\*\})/)
      .map((part) => {
        if (part === '{correlation}') return '[^<]+';
        if (part === '{instant}') return INSTANT;
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
