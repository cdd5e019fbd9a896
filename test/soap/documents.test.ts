// The contract as it is served: every document, with addresses that work and nothing left to look up elsewhere.

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseStringPromise } from 'xml2js';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

describe('the served contract', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  const get = (query: string, method = 'GET') =>
    send(service, { caller: 'none', method, path: `${PENSION_SERVICE.path}?${query}` });

  it('?wsdl is the file, but for its addresses', async () => {
    const { status, body, headers } = await get('wsdl');
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('text/xml; charset=utf-8');
    expect(body).to.include(`<soap:address location="${service.url}${PENSION_SERVICE.path}"/>`);
    const neutral = (text: string): string => text.replace(/(location|schemaLocation)="[^"]*"/gi, '$1=""');
    expect(neutral(body)).to.equal(
      neutral(readFileSync(new URL('../../wsdl/PensionService.wsdl', import.meta.url), 'utf8')),
    );
  });

  it('every import can be followed, down to the last schema', async () => {
    const seen = new Set<string>();
    const follow = async (text: string): Promise<void> => {
      for (const [, location] of text.matchAll(/schemaLocation="([^"]+)"/g)) {
        if (seen.has(location!)) continue;
        seen.add(location!);
        const url = new URL(location!);
        expect(url.origin).to.equal(service.url);
        const answer = await send(service, {
          caller: 'none',
          method: 'GET',
          path: url.pathname + url.search,
        });
        expect(answer.status, location).to.equal(200);
        await follow(answer.body);
      }
    };
    await follow((await get('wsdl')).body);
    expect(seen.size).to.equal(8);
  });

  it('?singleWsdl holds every schema and needs no other document', async () => {
    const { body } = await get('singleWsdl');
    expect(body).to.not.include('schemaLocation');
    const parsed = await parseStringPromise(body);
    expect(parsed['wsdl:definitions']['wsdl:types'][0]['xs:schema']).to.have.length(8);
  });

  it('names match without regard to case, with or without an equals sign', async () => {
    for (const query of ['WSDL', 'Wsdl', 'wsdl=', 'SINGLEWSDL', 'xsd=pensionservice', 'XSD=CodeListBase']) {
      expect((await get(query)).status, query).to.equal(200);
    }
  });

  it('HEAD gives the length without the text', async () => {
    const head = await get('wsdl', 'HEAD');
    const whole = await get('wsdl');
    expect(head.status).to.equal(200);
    expect(head.body).to.equal('');
    expect(head.headers['content-length']).to.equal(String(Buffer.byteLength(whole.body)));
  });

  for (const query of [
    'xsd=Unknown',
    'xsd=',
    'xsd=../wsdl/PensionService',
    'xsd=SoapEnvelope',
    'disco',
    'wsdl=wsdl0',
    '%ff',
  ]) {
    it(`?${query} is 404`, async () => {
      expect((await get(query)).status).to.equal(404);
    });
  }

  it('PENSION_PUBLIC_URL is what the documents name', async () => {
    const behind = await startTestService({ PENSION_PUBLIC_URL: 'https://pension.example:9443' });
    const { body } = await send(behind, {
      caller: 'none',
      method: 'GET',
      path: `${PENSION_SERVICE.path}?wsdl`,
    });
    expect(body).to.include(`location="https://pension.example:9443${PENSION_SERVICE.path}"`);
    expect(body).to.include(
      `schemaLocation="https://pension.example:9443${PENSION_SERVICE.path}?xsd=PensionService"`,
    );
    await behind.stop();
  });
});
