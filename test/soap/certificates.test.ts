// Who calls: each certificate of the demo world has its answer, before anything of the message is read.

import { expect } from 'chai';
import { readFault, schemaErrors } from '../support/answers.ts';
import { akasse, getEnvelope, UDK } from '../support/envelopes.ts';
import { lookInto } from '../support/new-store.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const BORGER = '2902610001';

/** A refusal in the store. */
interface Row {
  readonly fejlkode: number;
  readonly certificate: string | null;
  readonly adresse: string | null;
}

describe('the certificate of a call', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  const faultOf = async (caller: string, body: string) => {
    const answer = await send(service, { caller, body });
    expect(schemaErrors(answer.body)).to.deep.equal([]);
    return { status: answer.status, ...readFault(answer.body)! };
  };

  const refusals = [
    { caller: 'none', errorCode: 1101, says: /No client certificate/ },
    { caller: 'ukendt', errorCode: 1012, says: /belongs to no system/ },
    { caller: 'tilbagekaldt', errorCode: 1012, says: /revoked/ },
    { caller: 'server', errorCode: 1012, says: /not for client use|no system/ },
  ] as const;
  for (const { caller, errorCode, says } of refusals) {
    it(`${caller}: ${errorCode}, whatever the message`, async () => {
      for (const body of [getEnvelope(BORGER), 'not XML at all']) {
        const fault = await faultOf(caller, body);
        expect(fault).to.include({ status: 500, faultcode: 'Client', errorCode });
        expect(fault.message).to.match(says);
      }
    });
  }

  it('where there is none, the audit trail keeps the address, and else the certificate', async () => {
    await faultOf('none', getEnvelope(BORGER));
    await faultOf('ukendt', getEnvelope(BORGER));
    const rows = await lookInto<Row>(
      service.store,
      'SELECT fejlkode, certificate, adresse FROM audit_gathering',
    );
    const of = (code: number) => rows.find(({ fejlkode }) => fejlkode === code)!;
    expect(of(1101)).to.include({ certificate: null, adresse: '127.0.0.1' });
    expect(of(1012).adresse).to.equal(null);
    expect(of(1012).certificate).to.match(/^[0-9a-f]{64}$/);
  });

  it('mapped, but for another organisation: 1013', async () => {
    expect((await faultOf('akasse-11', getEnvelope(BORGER, akasse('22')))).errorCode).to.equal(1013);
    expect((await faultOf('akasse-11', getEnvelope(BORGER, UDK))).errorCode).to.equal(1013);
  });

  it('of a merged a-kasse: 1013', async () => {
    const fault = await faultOf('akasse-31', getEnvelope(BORGER, akasse('31')));
    expect(fault.errorCode).to.equal(1013);
    expect(fault.message).to.include('67');
  });
});
