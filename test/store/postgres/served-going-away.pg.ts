// A real `pension serve` whose PostgreSQL falls silent: what its clients, whoever watches it, its log and its trail are told.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PENSION_SERVICE } from '../../../src/contract/names.ts';
import { openAudit } from '../../../src/store/open-store.ts';
import { readFault } from '../../support/answers.ts';
import { type RunningCli, startServe, worldEnv } from '../../support/cli.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { saveEnvelope } from '../../support/envelopes.ts';
import { tempDatabase } from '../../support/postgres.ts';
import { demoWorld } from '../../support/service.ts';
import { kompensation } from '../../support/store-fixtures.ts';
import { Network } from './network.ts';

/** Milliseconds within which a client has its answer, and a service that was told to stop has ended. */
const ANSWER = 5_000;
const STOP = 10_000;
/** Milliseconds within which a service must have seen that the store is well again. */
const PATIENCE = 20_000;

describe('pension serve whose PostgreSQL falls silent', function () {
  this.timeout(120_000);
  let url: string;
  let network: Network;
  let serve: RunningCli & { readonly url: string };
  before(async () => {
    url = await tempDatabase();
    network = await Network.before(url);
    serve = await startServe({
      ...worldEnv(await demoWorld()),
      PENSION_STORE: network.url,
      PENSION_TLS: 'off',
    });
  });
  after(() => network.close());

  /** Saves, as a client that has a watch. */
  async function save(): Promise<{ status: number; code: number | undefined; took: number }> {
    const begun = performance.now();
    const answer = await fetch(serve.url + PENSION_SERVICE.path, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
      body: saveEnvelope({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }),
    });
    const text = await answer.text();
    return { status: answer.status, code: readFault(text)?.errorCode, took: performance.now() - begun };
  }
  const health = async (): Promise<{ status: number; said: { status: string; cause?: string } }> => {
    const answer = await fetch(`${serve.url}/health`);
    return { status: answer.status, said: (await answer.json()) as { status: string } };
  };

  it('answers 1011 in time, says why, is well again by itself, and enters what it could not', async () => {
    expect(await save()).to.include({ status: 200 });
    network.silence();
    // More than there are places at the store: those that wait for one have their answer in time, too.
    const told = await Promise.all(Array.from({ length: 24 }, save));
    for (const { code, took } of told) {
      expect(code).to.equal(1011);
      expect(took).to.be.below(ANSWER);
    }
    const { code, took } = await save();
    expect(code).to.equal(1011);
    expect(took, 'one that need not wait').to.be.below(1_000);
    expect(await health()).to.deep.include({ status: 503 });
    expect((await health()).said).to.include({ status: 'failing', cause: 'the database does not answer' });
    await serve.sees('stderr', /"level":"error","message":"THE STORE FAILS: .*the database does not answer/);

    network.heal();
    const until = performance.now() + PATIENCE;
    while ((await health()).status !== 200 && performance.now() < until) await sleep(100);
    expect((await health()).said).to.deep.equal({ status: 'ok' });
    expect(await save()).to.include({ status: 200 });
    await serve.sees('stderr', /"message":"the store is well again".*"unrecorded":25/);
    const filter = { equals: { operation: 'MeldSvigt' } } as const;
    const meldt = async () => {
      const audit = await openAudit(url);
      const entries = await audit.entries({ after: 0, limit: 10, filter });
      await audit.close();
      return entries.map(({ entry }) => JSON.parse(entry.detaljer!) as object);
    };
    while ((await meldt()).length === 0 && performance.now() < until) await sleep(100);
    expect(await meldt()).to.have.length(1);
    expect((await meldt())[0]).to.include({ antal: 25, aarsag: 'the database does not answer' });
  });

  it('ends in time all the same when it is told to stop, and its log never has the password', async () => {
    // On as many connections as there are.
    for (const { status } of await Promise.all(Array.from({ length: 24 }, save)))
      expect(status).to.equal(200);
    network.silence();
    const begun = performance.now();
    serve.signal('SIGTERM');
    const { stderr } = await serve.result;
    expect(performance.now() - begun).to.be.below(STOP);
    expect(stderr).not.to.contain(new URL(url).password);
  });
});
