// Executes fixtures/invalid: each message has one defect and gets exactly the fault that the table says.

import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SERVICES } from '../../src/contract/names.ts';
import { readFault, schemaErrors } from '../support/answers.ts';
import { lookInto } from '../support/new-store.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { withCvr } from '../support/world-facts.ts';

interface Expected {
  readonly file: string;
  readonly defect: string;
  readonly faultcode: string;
  readonly errorCode: number;
  readonly message: readonly string[];
  readonly line?: number;
  readonly caller?: string;
  readonly soapAction?: string;
  readonly service?: string;
}

const FOLDER = new URL('../../fixtures/invalid/', import.meta.url);
const cases = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Expected[];

const pathOf = (service = 'PensionService'): string => SERVICES.find(({ name }) => name === service)!.path;

describe('every message with one defect gets its fault', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  for (const { file, defect, faultcode, errorCode, message, line, caller, soapAction, ...to } of cases) {
    it(`${file}: ${defect} → ${errorCode}`, async () => {
      const body = withCvr(service.world, readFileSync(new URL(file, FOLDER)));
      const answer = await send(service, {
        body,
        path: pathOf(to.service),
        headers: { SOAPAction: soapAction ?? '""' },
        ...(caller && { caller }),
      });
      expect(answer.status).to.equal(500);
      expect(answer.headers['content-type']).to.equal('text/xml; charset=utf-8');
      expect(schemaErrors(answer.body)).to.deep.equal([]);
      const fault = readFault(answer.body)!;
      expect({ faultcode: fault.faultcode, errorCode: fault.errorCode }, fault.message).to.deep.equal({
        faultcode,
        errorCode,
      });
      for (const text of message) expect(fault.message).to.include(text);
      if (line !== undefined) expect(fault.message).to.match(new RegExp(`\\bline ${line}\\b`));
      expect(fault.message).to.not.match(/[0-9]{10}/);
      expect(fault.source).to.equal(answer.headers['x-correlation-id']);
    });
  }

  it('and the table names every message of the folder, once', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.xml'));
    expect(cases.map(({ file }) => file).sort()).to.deep.equal(files.sort());
  });

  it('and none of them changed the store, but each left an audit entry', async () => {
    const count = async (table: string): Promise<unknown> =>
      (await lookInto<{ n: number }>(service.store, `SELECT count(*) AS n FROM ${table}`))[0]!.n;
    expect(await count('forloeb')).to.equal(0);
    expect(await count('forloeb_version')).to.equal(0);
    expect(await count('besked')).to.equal(0);
    expect(await count('sequence')).to.equal(0);
    expect(await count("audit_entry WHERE udfald = 'afvist'")).to.equal(cases.length);
  });
});
