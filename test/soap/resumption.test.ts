// A resumed session and a kept connection had their handshake earlier. What is judged is what holds now.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { NAMES, type Row, startTable, THROUGH_INTERMEDIATE } from '../support/certificate-table.ts';
import { authority, certificate, type Party, revocationList } from '../support/pki.ts';
import { showsSentAuthorities } from '../support/sent-authorities.ts';
import { Caller, startTrusting, type TrustingService } from '../support/trusting-service.ts';

const SECOND = 1_000;

describe('after the handshake', () => {
  let root: Party;
  let issuing: Party;
  let client: Party;
  /** Issued by an intermediate that it sends along. */
  let below: Party;
  let isShown: boolean;
  let service: TrustingService;
  before(async () => {
    root = await authority('CN=root');
    issuing = await authority('CN=issuing', { issuer: root });
    client = await certificate({ issuer: root });
    below = await certificate({ issuer: issuing });
    isShown = await showsSentAuthorities();
  });
  beforeEach(async () => {
    const lists = [await revocationList(root), await revocationList(issuing)];
    service = await startTrusting({ authorities: [root], lists, known: [client, below] });
  });
  afterEach(() => service.stop());

  const change = (trusted: Parameters<TrustingService['write']>[0]): void => {
    service.write(trusted);
    service.reload();
  };

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    describe(`of ${version}, in a resumed session`, () => {
      /** A caller whose session is resumed by its next call. */
      const resuming = async (own = client): Promise<Caller> => {
        const caller = new Caller(
          service,
          { own, along: [issuing] },
          { minVersion: version, maxVersion: version },
        );
        expect(await caller.call()).to.include({ errorCode: undefined, isResumed: false });
        return caller;
      };

      it('the intermediate that was sent then is still known', async function () {
        if (!isShown) this.skip(); // see sent-authorities.ts
        expect(await (await resuming(below)).call()).to.include({ errorCode: undefined, isResumed: true });
      });

      it('a certificate that has been revoked since is refused', async () => {
        const caller = await resuming();
        change({ lists: [await revocationList(root, { revoked: [client] })] });
        const refused = await caller.call();
        expect(refused).to.include({ errorCode: 1012, isResumed: true });
        expect(refused.message).to.match(/has been revoked/);
      });

      it('a certificate that is no longer mapped is refused', async () => {
        const caller = await resuming();
        change({ known: [root] });
        const refused = await caller.call();
        expect(refused).to.include({ errorCode: 1012, isResumed: true });
        expect(refused.message).to.match(/belongs to no system/);
      });

      it('a certificate that has expired since is refused', async () => {
        const brief = await certificate({ issuer: root, to: new Date(Date.now() + 3 * SECOND) });
        change({ known: [brief] });
        const caller = await resuming(brief);
        await sleep(brief.x509.validToDate.getTime() - Date.now() + 1.1 * SECOND);
        const refused = await caller.call();
        expect(refused).to.include({ errorCode: 1012, isResumed: true });
        expect(refused.message).to.match(/the certificate has expired/);
      });

      it('nobody is trusted whose authority no longer is', async () => {
        const caller = await resuming();
        change({ authorities: [await authority('CN=other')] });
        const refused = await caller.call();
        expect(refused.errorCode).to.equal(1012);
        expect(refused.message).to.match(/not trusted here/);
      });
    });
  }

  describe('on a kept connection', () => {
    /** A caller whose connection is kept. */
    const keeping = (): Caller =>
      new Caller(service, { own: client, along: [issuing] }, { keepAlive: true, maxSockets: 1 });

    it('the verdict follows the authorities, both ways', async () => {
      const caller = keeping();
      const { port } = await caller.call();
      change({ authorities: [await authority('CN=other')] });
      expect(await caller.call()).to.include({ errorCode: 1012, port });
      change({ authorities: [root] });
      expect(await caller.call()).to.include({ errorCode: undefined, port });
      caller.close();
    });

    it('the verdict of a handshake with an unknown authority ends when that is listed', async () => {
      change({ authorities: [await authority('CN=other')] });
      const caller = keeping();
      const { port, errorCode } = await caller.call();
      expect(errorCode).to.equal(1012);
      change({ authorities: [root] });
      expect(await caller.call()).to.include({ errorCode: undefined, port });
      caller.close();
    });

    it('the verdict follows the revocation list and the mapping, both ways', async () => {
      const caller = keeping();
      const { port } = await caller.call();
      const good = [await revocationList(root), await revocationList(issuing)];
      change({ lists: [await revocationList(root, { revoked: [client] })] });
      expect(await caller.call()).to.include({ errorCode: 1012, port });
      change({ lists: good });
      expect(await caller.call()).to.include({ errorCode: undefined, port });
      change({ known: [] });
      expect(await caller.call()).to.include({ errorCode: 1012, port });
      change({ known: [client] });
      expect(await caller.call()).to.include({ errorCode: undefined, port });
      caller.close();
    });
  });
});

describe('the certificate table, in a resumed session', () => {
  let service: TrustingService;
  let rows: Record<string, Row>;
  let isShown: boolean;
  before(async () => {
    isShown = await showsSentAuthorities();
    ({ service, rows } = await startTable());
  });
  after(() => service.stop());

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    describe(`of ${version}`, () => {
      for (const name of NAMES) {
        it(name, async function () {
          if (name === THROUGH_INTERMEDIATE && !isShown) this.skip(); // see sent-authorities.ts
          const { own, along = [], errorCode, says = /^$/ } = rows[name]!;
          const caller = new Caller(service, own && { own, along }, {
            minVersion: version,
            maxVersion: version,
          });
          for (const isResumed of [false, true]) {
            const outcome = await caller.call();
            expect(outcome).to.include({ errorCode, isResumed });
            expect(outcome.message).to.match(says);
          }
        });
      }
    });
  }
});
