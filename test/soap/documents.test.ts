// The contract as it is served: every document, with addresses that work and nothing left to look up elsewhere.

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseStringPromise } from 'xml2js';
import { PENSION_SERVICE, SERVICES, WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const COMMON = [
  'ActiveOrganisationHeader',
  'CodeListBase',
  'FaultDetails',
  'RequestOrganisationStructure',
  'RequestUserMetadata',
  'RequestUserStructure',
  'RequestUserTypeIdentifierCodeList',
];
/** The schemas that each service needs. */
const SCHEMAS: Readonly<Record<string, readonly string[]>> = {
  PensionService: [...COMMON, 'PensionService'],
  WsrmService: [...COMMON, 'Wsrm'],
  WsrmMessageService: [...COMMON, 'PensionService', 'Wsrm', 'WsrmMessageService'],
};

describe('the served contract', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  const get = (query: string, method = 'GET', path: string = PENSION_SERVICE.path) =>
    send(service, { caller: 'none', method, path: `${path}?${query}` });

  for (const { name, path, wsdl } of SERVICES) {
    describe(`of ${name}`, () => {
      it('?wsdl is the file, but for its addresses', async () => {
        const { status, body, headers } = await get('wsdl', 'GET', path);
        expect(status).to.equal(200);
        expect(headers['content-type']).to.equal('text/xml; charset=utf-8');
        expect(body).to.include(`<soap:address location="${service.url}${path}"/>`);
        const neutral = (text: string): string =>
          text.replace(/(location|schemaLocation)="[^"]*"/gi, '$1=""');
        expect(neutral(body)).to.equal(
          neutral(readFileSync(new URL(`../../wsdl/${wsdl}`, import.meta.url), 'utf8')),
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
        await follow((await get('wsdl', 'GET', path)).body);
        const wanted = SCHEMAS[name]!.map((schema) => `${service.url}${path}?xsd=${schema}`);
        expect([...seen].sort()).to.deep.equal(wanted.sort());
      });

      it('?singleWsdl holds every schema and needs no other document', async () => {
        const { body } = await get('singleWsdl', 'GET', path);
        expect(body).to.not.include('schemaLocation');
        const parsed = await parseStringPromise(body);
        expect(parsed['wsdl:definitions']['wsdl:types'][0]['xs:schema']).to.have.length(
          SCHEMAS[name]!.length,
        );
      });

      it('names match without regard to case, that of the path too', async () => {
        for (const at of [path.toLowerCase(), path.toUpperCase()])
          for (const query of ['WSDL', 'wsdl=', 'SINGLEWSDL', `XSD=${SCHEMAS[name]!.at(-1)!.toUpperCase()}`])
            expect((await get(query, 'GET', at)).status, `${at} ${query}`).to.equal(200);
      });
    });
  }

  it('a schema is at the services that need it, and at no other', async () => {
    for (const [path, schema] of [
      [PENSION_SERVICE.path, 'Wsrm'],
      [PENSION_SERVICE.path, 'WsrmMessageService'],
      [WSRM_SERVICE.path, 'PensionService'],
      [WSRM_SERVICE.path, 'WsrmMessageService'],
      [WSRM_MESSAGE_SERVICE.path, 'SoapEnvelope'],
    ] as const)
      expect((await get(`xsd=${schema}`, 'GET', path)).status, `${path} ${schema}`).to.equal(404);
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
