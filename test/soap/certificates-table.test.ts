// Every row of the certificate table over real TLS, 1.2 and 1.3: each certificate is taken through the handshake and
// has an answer that can be read.

import { expect } from 'chai';
import {
  authority,
  CLIENT_AUTH,
  certificate,
  extension,
  type Party,
  revocationList,
  SERVER_AUTH,
} from '../support/pki.ts';
import { showsSentAuthorities } from '../support/sent-authorities.ts';
import { Caller, startTrusting, type TrustingService } from '../support/trusting-service.ts';

const HOUR = 3_600_000;
const later = (hours: number): Date => new Date(Date.now() + hours * HOUR);

const THROUGH_INTERMEDIATE = 'good, through an intermediate';

/** What a client presents, what it is told, and whether it is mapped to a system. */
interface Row {
  readonly own: Party | undefined;
  readonly along?: readonly Party[];
  readonly errorCode: number | undefined;
  readonly says?: RegExp;
  readonly isMapped: boolean;
}

async function makeRows(root: Party, issuing: Party): Promise<Record<string, Row>> {
  const client = (options: Parameters<typeof certificate>[0]) =>
    certificate({ issuer: root, purposes: [CLIENT_AUTH], ...options });
  const stranger = await authority('CN=stranger');
  const refused = (own: Party, says: RegExp, along: readonly Party[] = []): Row => ({
    own,
    along,
    errorCode: 1012,
    says,
    isMapped: true,
  });
  const served = (own: Party, along: readonly Party[] = []): Row => ({
    own,
    along,
    errorCode: undefined,
    isMapped: true,
  });
  const namesake = await authority('CN=root');
  const long = await authority('CN=too deep', { issuer: issuing });
  return {
    none: { own: undefined, errorCode: 1101, says: /No client certificate came/, isMapped: false },
    good: served(await client({})),
    [THROUGH_INTERMEDIATE]: served(await client({ issuer: issuing }), [issuing]),
    'self-signed': refused(await certificate(), /is self-signed/),
    'wrong CA': refused(await certificate({ issuer: stranger }), /authority that is not trusted here/),
    'wrong CA, sent along': refused(await certificate({ issuer: stranger }), /not trusted here/, [stranger]),
    'a CA of the same name': refused(await certificate({ issuer: namesake }), /signature/),
    'without its intermediate': refused(
      await client({ issuer: await authority('CN=unsent', { issuer: root }) }),
      /not trusted/,
    ),
    expired: refused(await client({ to: later(-1) }), /has expired/),
    'not yet valid': refused(await client({ from: later(1) }), /not yet valid/),
    revoked: refused(await client({ name: 'CN=revoked', serialNumber: '4321' }), /has been revoked/),
    'not for client use': refused(await client({ purposes: [SERVER_AUTH] }), /not for client use/),
    'with an unknown critical extension': refused(
      await client({ extensions: [extension('1.2.3.4', true)] }),
      /critical extension/,
    ),
    'below too many authorities': refused(await client({ issuer: long }), /chain|authority/, [issuing, long]),
    'mapped to no system': {
      own: await client({}),
      errorCode: 1012,
      says: /belongs to no system known here/,
      isMapped: false,
    },
  };
}

const NAMES = [
  'none',
  'good',
  THROUGH_INTERMEDIATE,
  'self-signed',
  'wrong CA',
  'wrong CA, sent along',
  'a CA of the same name',
  'without its intermediate',
  'expired',
  'not yet valid',
  'revoked',
  'not for client use',
  'with an unknown critical extension',
  'below too many authorities',
  'mapped to no system',
];

describe('the certificate table', () => {
  let service: TrustingService;
  let rows: Record<string, Row>;
  let isShown: boolean;
  before(async () => {
    isShown = await showsSentAuthorities();
    const root = await authority('CN=root', { authority: { pathLength: 1 } });
    const issuing = await authority('CN=issuing', { issuer: root });
    rows = await makeRows(root, issuing);
    const known = Object.values(rows).flatMap(({ own, isMapped }) => (own && isMapped ? [own] : []));
    const lists = [
      await revocationList(root, { revoked: [rows.revoked!.own!] }),
      await revocationList(issuing),
    ];
    service = await startTrusting({ authorities: [root], lists, known });
  });
  after(() => service.stop());

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
