// Java's own choice of certificate: one whose issuer the service does not list is withheld, and the caller is told so.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import { NAMES, startTable } from '../support/certificate-table.ts';
import { getEnvelope, UDK } from '../support/envelopes.ts';
import { authority, certificate, type Party } from '../support/pki.ts';
import { tempDir } from '../support/temp.ts';
import { startTrusting, type TrustingService } from '../support/trusting-service.ts';
import { run } from './run.ts';

const CALL = path.join(import.meta.dirname, 'java-keys', 'Call.java');
/** The rows of the table that are certificates and no good. */
const REFUSED = NAMES.filter((name) => !/^(none|good)/.test(name));
const ENV = { KEYSTORE_PASSWORD: 'interop' };

describe('Java’s choice of certificate', () => {
  const dir = tempDir();
  let service: TrustingService;
  let listed: string;
  let unlisted: string;
  let table: Awaited<ReturnType<typeof startTable>>;

  /** The identity as Java wants it. */
  const pkcs12 = async (name: string, party: Party, along: readonly Party[] = []): Promise<string> => {
    const at = (extension: string): string => path.join(dir, `${name}.${extension}`);
    writeFileSync(at('pem'), [party, ...along].map(({ pem }) => pem).join(''));
    writeFileSync(at('key'), party.key);
    const files = ['-in', at('pem'), '-inkey', at('key'), '-out', at('p12')];
    const made = await run('openssl', ['pkcs12', '-export', ...files, '-passout', 'env:KEYSTORE_PASSWORD'], {
      env: ENV,
    });
    expect(made.status, made.stderr).to.equal(0);
    return at('p12');
  };

  before(async () => {
    const root = await authority('C=DK,O=Test,CN=listed');
    const known = await certificate({ issuer: root });
    const stranger = await certificate({ issuer: await authority('C=DK,O=Test,CN=not listed') });
    listed = await pkcs12('listed', known);
    unlisted = await pkcs12('unlisted', stranger);
    service = await startTrusting({ authorities: [root], known: [known, stranger] });
    table = await startTable();
  });
  after(() => Promise.all([service.stop(), table.service.stop()]));

  const call = async (
    version: string,
    identity: string,
    manager: 'default' | 'always',
    { url } = service,
  ) => {
    const args = [url + PENSION_SERVICE.path, identity, path.join(service.world, 'ca.pem'), manager];
    const stdin = getEnvelope('2902610001', UDK);
    const finished = await run('java', [`-Djdk.tls.client.protocols=${version}`, CALL, ...args], {
      env: ENV,
      stdin,
    });
    expect(finished.status, finished.stderr).to.equal(0);
    const [status, ...body] = finished.stdout.split('\n');
    const fault = readFault(body.join('\n'));
    return { status, errorCode: fault?.errorCode, message: fault?.message ?? '' };
  };

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    it(`over ${version} is one of a listed issuer, which is served`, async () => {
      expect(await call(version, listed, 'default')).to.include({ status: '200', errorCode: undefined });
    });

    it(`over ${version} is none where the issuer is not listed: 1101, which says why`, async () => {
      const refused = await call(version, unlisted, 'default');
      expect(refused).to.include({ status: '500', errorCode: 1101 });
      expect(refused.message).to.contain('withhold a certificate whose issuer the service does not list');
    });

    it(`over ${version} may be made to be one of an issuer that is not listed: 1012`, async () => {
      const refused = await call(version, unlisted, 'always');
      expect(refused).to.include({ status: '500', errorCode: 1012 });
      expect(refused.message).to.contain('authority that is not trusted here');
    });

    for (const name of REFUSED) {
      it(`over ${version} may be made to be one that is refused: ${name}`, async function () {
        // Node.js resets a handshake whose messages come one by one, as Java sends them, after a bad signature: what
        // OpenSSL leaves on its error queue counts as ERR_SSL_PROVIDER_SIGNATURE_FAILURE of the next read.
        if (version === 'TLSv1.2' && name === 'a CA of the same name') this.skip();
        const { own, along, errorCode, says } = table.rows[name]!;
        const identity = await pkcs12(name, own!, along);
        const refused = await call(version, identity, 'always', table.service);
        expect(refused).to.include({ status: '500', errorCode });
        expect(refused.message).to.match(says!);
      });
    }
  }
});
