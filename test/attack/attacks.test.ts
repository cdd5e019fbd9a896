// S2: attacks of every kind are refused, or harmless, exactly as the tables say; none takes 50 ms of CPU, none reads a
// file or calls an address, and what comes behind them is answered as ever.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { readFault, schemaErrors } from '../support/answers.ts';
import { requestOf } from '../support/http-request.ts';
import { cpuOf, slowness } from '../support/machine-speed.ts';
import { fileOf } from '../support/new-store.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { type Attack, GET, type Outcome } from './attack.ts';
import { GREAT } from './attacks-great.ts';
import { proxyHeaders, REQUESTS } from './attacks-http.ts';
import { ENCODINGS, NAMES, VALUES } from './attacks-xml.ts';
import { exchange, type HttpAnswer } from './raw-http.ts';
import { SecretFile } from './secret-file.ts';
import { changed, StoreView } from './store-facts.ts';

/**
 * Milliseconds of CPU that an attack may take, the client's share included: the least of these tries, for what the
 * machine does meanwhile only adds to them. As many times more on a machine that is as many times slower.
 */
const MOST_CPU = 50;
const TRIES = 3;
const SECRET = 'this-was-in-the-file';
const FOLDER = new URL('../../fixtures/attack/', import.meta.url);

interface Written {
  readonly file: string;
  readonly attack: string;
  readonly outcome: number | 'ignored';
  readonly message?: string;
  readonly soapAction?: string;
}
const written = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Written[];

describe('S2: attacks', function () {
  this.timeout(60_000);
  let service: TestService;
  let store: StoreView;
  let secret: SecretFile;
  let asked = 0;
  let noticed = 'files and addresses not looked at';
  const canary = createServer((_, response) => {
    asked += 1;
    response.end(SECRET);
  });
  const spent: [string, number][] = [];

  before(async () => {
    service = await startTestService({ PENSION_TLS: 'off' });
    store = new StoreView(fileOf(service.store));
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
    secret = new SecretFile(SECRET);
  });
  after(async () => {
    const [what, most] = spent.toSorted((a, b) => b[1] - a[1])[0] ?? ['none', 0];
    console.log(
      `      S2: ${spent.length} attacks refused or harmless, most CPU ${most.toFixed(0)} ms (${what}), ${noticed}`,
    );
    await secret.close();
    canary.close();
    store.close();
    await service.stop();
  });

  /** Sends the attack several times and judges each answer; the CPU that one took. */
  async function attack(
    what: string,
    { body, service: name, headers, outcome }: Attack,
    to = service,
  ): Promise<void> {
    const port = Number(new URL(to.url).port);
    const target = name === 'WsrmService' ? WSRM_SERVICE.path : PENSION_SERVICE.path;
    const bytes = requestOf(target, body, headers);
    const before = store.facts();
    const times: number[] = [];
    for (let n = 0; n < TRIES; n += 1) {
      const { value, cpu } = await cpuOf(() => exchange(port, bytes));
      times.push(cpu);
      expect(value.answers, `${what}: one answer`).to.have.lengthOf(1);
      expect(value.rest).to.equal('');
      judge(value.answers[0]!, outcome);
    }
    const least = Math.min(...times);
    spent.push([what, least]);
    const most = least < MOST_CPU ? MOST_CPU : MOST_CPU * (await slowness());
    expect(least, 'milliseconds of CPU').to.be.below(most);
    const more = changed(before, store.facts()).filter((count) => count !== 'audit' && count !== 'gathered');
    if (outcome !== 'ignored') expect(more, 'changed in the store').to.deep.equal([]);
  }

  const tables = { GREAT, NAMES, ENCODINGS, VALUES, REQUESTS };
  for (const [table, attacks] of Object.entries(tables)) {
    describe(table.toLowerCase(), () => {
      for (const [what, one] of Object.entries(attacks)) {
        it(`${what}: ${inWords(one.outcome)}`, () => attack(what, one));
      }
    });
  }

  describe('files of fixtures/attack', () => {
    for (const { file, attack: what, outcome, message = '', soapAction = '""' } of written) {
      it(`${file}: ${what}: ${outcome}`, async () => {
        const text = readFileSync(new URL(file, FOLDER), 'utf8')
          .replaceAll('{file}', pathToFileURL(secret.file).href)
          .replaceAll('{http}', `http://127.0.0.1:${(canary.address() as AddressInfo).port}/`);
        const expected: Outcome = outcome === 'ignored' ? outcome : [outcome, message];
        await attack(file, { body: text, headers: [`SOAPAction: ${soapAction}`], outcome: expected });
      });
    }
  });

  it('headers that claim to be of a proxy are refused, and soon', async () => {
    const behind = await startTestService({
      PENSION_TLS: 'proxy',
      PENSION_TLS_CERT: '',
      PENSION_TLS_KEY: '',
    });
    try {
      const pem = encodeURIComponent(readFileSync(clientIdentity(behind.world, 'udk').cert, 'utf8'));
      for (const [what, header] of Object.entries(proxyHeaders(pem))) {
        await attack(what, { body: GET, headers: [header], outcome: [1012, 'cannot be read'] }, behind);
      }
      await attack(
        'a good one',
        { body: GET, headers: [`x-client-cert: ${pem}`], outcome: 'ignored' },
        behind,
      );
    } finally {
      await behind.stop();
    }
  });

  it('read no file and called no address', async () => {
    noticed = `files read ${secret.timesRead}, addresses called ${asked}`;
    expect(asked, 'times the address was called').to.equal(0);
    expect(secret.timesRead, 'times the file was read').to.equal(0);
    // And both notice it when somebody comes.
    await fetch(`http://127.0.0.1:${(canary.address() as AddressInfo).port}/`);
    expect(asked).to.equal(1);
    expect(readFileSync(secret.file, 'utf8')).to.include(SECRET);
    expect(secret.timesRead).to.be.above(0);
  });

  it('and normal calls are answered as ever', async () => {
    const { answers } = await exchange(
      Number(new URL(service.url).port),
      requestOf(PENSION_SERVICE.path, GET),
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
  });
});

function inWords(outcome: Outcome): string {
  if (outcome === 'ignored') return outcome;
  return 'status' in outcome ? `HTTP ${outcome.status}` : String(outcome[0]);
}

/** Throws unless the answer is that outcome. */
function judge({ status, body }: HttpAnswer, outcome: Outcome): void {
  expect(body).to.not.include(SECRET);
  if (typeof outcome === 'object' && 'status' in outcome) {
    expect(status).to.equal(outcome.status);
    return;
  }
  expect(schemaErrors(body)).to.deep.equal([]);
  if (outcome === 'ignored') {
    expect(status, readFault(body)?.message).to.equal(200);
    return;
  }
  const fault = readFault(body);
  expect(status).to.equal(500);
  expect(fault?.errorCode, fault?.message).to.equal(outcome[0]);
  expect(fault!.faultcode).to.equal('Client');
  expect(fault!.message)
    .to.include(outcome[1])
    .and.not.match(/[0-9]{6}-?[0-9]{4}/);
}
