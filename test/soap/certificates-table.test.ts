// Every row of the certificate table over real TLS, 1.2 and 1.3: each certificate is taken through the handshake and
// has an answer that can be read.

import { expect } from 'chai';
import { NAMES, type Row, startTable, THROUGH_INTERMEDIATE } from '../support/certificate-table.ts';
import { showsSentAuthorities } from '../support/sent-authorities.ts';
import { Caller, type TrustingService } from '../support/trusting-service.ts';

describe('the certificate table', () => {
  let service: TrustingService;
  let rows: Record<string, Row>;
  let isShown: boolean;
  /** Calls that had the outcome of their row. */
  let answered = 0;
  before(async () => {
    isShown = await showsSentAuthorities();
    ({ service, rows } = await startTable());
  });
  after(async () => {
    const versions = 'TLS 1.2 and 1.3';
    console.log(
      `      S4: ${answered} certificates of ${NAMES.length} kinds over ${versions}, each with its outcome`,
    );
    await service.stop();
  });

  it('has all its rows here', () => expect(Object.keys(rows)).to.deep.equal(NAMES));

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    describe(`over ${version}`, () => {
      for (const name of NAMES) {
        it(name, async function () {
          if (name === THROUGH_INTERMEDIATE && !isShown) this.skip(); // see sent-authorities.ts
          const { own, along = [], errorCode, says = /^$/ } = rows[name]!;
          const caller = new Caller(service, own && { own, along }, {
            minVersion: version,
            maxVersion: version,
          });
          const outcome = await caller.call();
          expect({ errorCode: outcome.errorCode, status: outcome.status }).to.deep.equal({
            errorCode,
            status: errorCode === undefined ? 200 : 500,
          });
          expect(outcome.message).to.match(says);
          answered += 1;
        });
      }
    });
  }

  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    it(`refuses the handshake of ${version}`, async () => {
      const caller = new Caller(
        service,
        { own: rows.good!.own! },
        {
          minVersion: version,
          maxVersion: version,
          ciphers: 'DEFAULT:@SECLEVEL=0',
        },
      );
      const error = await caller.call().then(
        () => undefined,
        (failed: NodeJS.ErrnoException) => failed,
      );
      expect(error?.code).to.match(/^(ERR_SSL_\w+|EPROTO|ECONNRESET)$/);
    });
  }

  it('refuses every header with a certificate: it counts behind a proxy only', async () => {
    const header = encodeURIComponent(rows.good!.own!.pem);
    expect((await new Caller(service, undefined).call({ 'x-client-cert': header })).errorCode).to.equal(1101);
  });
});
