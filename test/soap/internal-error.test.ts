// When something of ours breaks: 1011, a fault like any other, with nothing of the inside in it, and no answer that
// is not in the audit trail.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readOrganisationer } from '../../src/access/organisationer.ts';
import { readContractFiles } from '../../src/cli/contract-files.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { startServer } from '../../src/soap/server.ts';
import type { AfvistKald, CallStore } from '../../src/store/store.ts';
import { readFault, schemaErrors } from '../support/answers.ts';
import { getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { demoWorld } from '../support/service.ts';

const SECRET = 'SQLITE_IOERR: disk I/O error at /secret/place for 2902610005';
const BORGER = '2902610005';

describe('an unexpected error', () => {
  const recorded: AfvistKald[] = [];
  const logged: string[] = [];
  const unrecorded: string[] = [];
  let url: string;
  let stop: () => Promise<void>;
  let auditWorks = true;
  let savesSomething = false;

  before(async () => {
    const fails = () => Promise.reject(new Error(SECRET));
    const store: CallStore = {
      save: async () => {
        if (!savesSomething) return fails();
        // Nothing that can be written into an answer.
        return { ok: true, value: { forloebId: Object.create(null) } } as never;
      },
      get: fails,
      recordRefusal: async (refusal) => {
        if (!auditWorks) throw new Error(SECRET);
        recorded.push(refusal);
      },
    };
    const collect = (text: string, fields?: object): void =>
      void logged.push(JSON.stringify({ text, ...fields }));
    const reference = readFileSync(path.join(await demoWorld(), 'organisationer.json'), 'utf8');
    const server = await startServer({
      files: readContractFiles(),
      store,
      organisationer: () => readOrganisationer(reference),
      ports: systemPorts,
      log: { error: collect, warn: collect, info: collect, debug: collect },
      tidligereMaaneder: 42,
      host: '127.0.0.1',
      port: 0,
      tls: 'off',
      maxBody: 1_048_576,
      storeFailure: () => undefined,
      onUnrecorded: ({ correlationId }) => void unrecorded.push(correlationId),
      door: { create: fails, fetch: fails, terminate: fails, close: fails },
    });
    url = `${server.url}/PjaktassWCFTservice/1/PensionService.svc`;
    stop = server.stop;
  });
  after(() => stop());
  beforeEach(() => {
    auditWorks = true;
    savesSomething = false;
    recorded.length = 0;
    unrecorded.length = 0;
  });

  const post = (body: string) =>
    fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'text/xml' } });
  const overgang = { TidligPensionOvergangsdato: '2026-01-01', TidligPensionAfgoerelsesdato: '2026-01-01' };
  const bodies = {
    Save: saveEnvelope({ Personnummer: BORGER, OvergangTilTidligPension: overgang }),
    Get: getEnvelope(BORGER),
  };

  for (const [operation, body] of Object.entries(bodies)) {
    it(`in ${operation} is answered 1011, says nothing of its cause, and is recorded`, async () => {
      const answer = await post(body);
      const text = await answer.text();
      expect(answer.status).to.equal(500);
      expect(schemaErrors(text)).to.deep.equal([]);
      expect(readFault(text)).to.include({
        faultcode: 'Server',
        errorCode: 1011,
        faultstring: 'Internal error on server',
      });
      expect(text).to.not.match(/SQLITE|secret|2902610005/);
      expect(recorded.map(({ fejlkode, kald }) => [fejlkode, kald.operation])).to.deep.equal([
        [1011, `${operation}TidligPension`],
      ]);
      expect(readFault(text)!.source).to.equal(recorded[0]!.kald.correlationId);
    });

    it(`in ${operation} is answered 1011 even when it cannot be recorded`, async () => {
      auditWorks = false;
      const fault = readFault(await (await post(body)).text())!;
      expect(fault.errorCode).to.equal(1011);
      expect(unrecorded).to.deep.equal([fault.source]);
    });
  }

  it('behind a Save that was carried out does not say that nothing was kept, and leaves its entry alone', async () => {
    savesSomething = true;
    const fault = readFault(await (await post(bodies.Save)).text())!;
    expect(fault.errorCode).to.equal(1011);
    expect(fault.message).to.include('The call was carried out, but its answer could not be made');
    expect(recorded).to.deep.equal([]);
  });

  it('a refusal that cannot be recorded is not given: 1011 instead', async () => {
    auditWorks = false;
    const text = await (await post('<broken')).text();
    expect(schemaErrors(text)).to.deep.equal([]);
    expect(readFault(text)).to.include({ faultcode: 'Server', errorCode: 1011 });
  });

  it('is logged with its cause and the correlation id of the call', async () => {
    logged.length = 0;
    const source = readFault(await (await post(bodies.Get)).text())!.source;
    expect(logged.some((line) => line.includes(source) && line.includes('SQLITE_IOERR'))).to.equal(true);
  });
});
