// Java: wsimport reads the WSDL without a warning, and a client made with it sees every rule hold.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { ClientProcess } from './client-process.ts';
import { expectSaveGetAndRefusal } from './example.ts';
import { type Party, QUEUE_SERVICES, REPOSITORY, type ServiceName, WSDL_FILE, wsdlFile } from './fixture.ts';
import { type Finished, run } from './run.ts';
import { emptiesTheQueue, holdsEveryRule, useFixture } from './scenario.ts';

const here = (name: string): string => path.join(import.meta.dirname, 'jaxws', name);
/** Shipped with the WSDLs, for wsimport. */
const BINDINGS = path.join(REPOSITORY, 'wsdl/jaxws-bindings.xml');
const PASSWORD = 'interop';
const ENV = { KEYSTORE_PASSWORD: PASSWORD };
/** Debian's JAX-WS and SAAJ disagree on the name of a service file, and say so at each call; this ends it. */
const SAAJ = '-Djavax.xml.soap.SAAJMetaFactory=com.sun.xml.messaging.saaj.soap.SAAJMetaFactoryImpl';

/** All that wsimport says when it has nothing to complain of. */
const CONTENT = 'parsing WSDL... Generating code...';
const words = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

/** Runs a program that has to succeed. */
async function must(program: string, ...args: readonly string[]): Promise<Finished> {
  const finished = await run(program, args, { env: ENV });
  expect(finished.status, finished.stdout + finished.stderr).to.equal(0);
  return finished;
}

describe('wsimport (JAX-WS)', () => {
  const fixture = useFixture();
  let classpath = '';

  /** Has wsimport read a WSDL; `java` goes to Java itself, `args` to wsimport. */
  const wsimport = (wsdl: string, { java = [], args = [] }: { java?: string[]; args?: string[] } = {}) => {
    const WSIMPORT_OPTS = [
      `-Djavax.net.ssl.trustStore=${path.join(fixture().dir, 'trust.p12')}`,
      `-Djavax.net.ssl.trustStorePassword=${PASSWORD}`,
      ...java,
    ].join(' ');
    const out = ['-Xnocompile', '-d', fixture().dir];
    return run('wsimport', ['-XadditionalHeaders', ...out, ...args, wsdl], { env: { WSIMPORT_OPTS } });
  };
  const LIFTED = { java: ['-Djavax.xml.accessExternalSchema=all'] };
  /** The identity of a party as Java wants it; `-` for none. */
  const pkcs12 = (party: Party): string =>
    party === 'none' ? '-' : path.join(fixture().dir, `${party}.p12`);
  const java = (program: string, party: Party, ...urls: readonly string[]): string[] => {
    const { organisation } = fixture().identity(party);
    const who = [pkcs12(party), fixture().ca, organisation.type, organisation.code];
    return [SAAJ, '-cp', classpath, program, ...urls, ...who];
  };
  const drive = (party: Party) => new ClientProcess('java', java('Drive', party, fixture().endpoint), ENV);

  before('Java has its key stores', async () => {
    const { dir, ca } = fixture();
    for (const party of ['udk', 'star', 'akasse-22', 'akasse-67', 'ukendt'] as const) {
      const { cert, key } = fixture().identity(party);
      const pem = ['-in', cert!, '-inkey', key!];
      await must(
        'openssl',
        'pkcs12',
        '-export',
        ...pem,
        '-out',
        pkcs12(party),
        '-passout',
        'env:KEYSTORE_PASSWORD',
      );
    }
    const store = ['-keystore', path.join(dir, 'trust.p12'), '-storetype', 'PKCS12', '-storepass', PASSWORD];
    await must('keytool', '-importcert', '-noprompt', '-alias', 'ca', '-file', ca, ...store);
  });

  it('reads ?singleWsdl over https without a warning', async () => {
    const { status, stdout, stderr } = await wsimport(`${fixture().endpoint}?singleWsdl`);
    expect({ status, said: words(stdout), stderr }).to.deep.equal({ status: 0, said: CONTENT, stderr: '' });
  });

  it('reads the files of the repository without a warning', async () => {
    const { status, stdout, stderr } = await wsimport(WSDL_FILE);
    expect({ status, said: words(stdout), stderr }).to.deep.equal({ status: 0, said: CONTENT, stderr: '' });
  });

  it('warns at ?wsdl over https of its own ban only, and not once that is lifted', async () => {
    const { stdout } = await wsimport(`${fixture().endpoint}?wsdl`);
    const warnings = stdout.split('\n').filter((line) => line.includes('['));
    expect(warnings).not.to.have.length(0);
    for (const warning of warnings) expect(warning).to.contain('accessExternalSchema');
    const lifted = await wsimport(`${fixture().endpoint}?wsdl`, LIFTED);
    expect({ said: words(lifted.stdout), stderr: lifted.stderr }).to.deep.equal({
      said: CONTENT,
      stderr: '',
    });
  });

  for (const [name, wsdl, options] of [
    ['?wsdl', (service: ServiceName) => `${fixture().endpointOf(service)}?wsdl`, LIFTED],
    ['?singleWsdl', (service: ServiceName) => `${fixture().endpointOf(service)}?singleWsdl`, {}],
    ['the files of the repository', wsdlFile, {}],
  ] as const) {
    it(`reads ${name} of both services of the queue without a warning`, async () => {
      for (const service of QUEUE_SERVICES) {
        const { status, stdout, stderr } = await wsimport(wsdl(service), {
          ...options,
          args: ['-b', BINDINGS],
        });
        expect({ status, said: words(stdout), stderr }).to.deep.equal({
          status: 0,
          said: CONTENT,
          stderr: '',
        });
      }
    });
  }

  it('would complain of a contract with a mistake in it', async () => {
    const { stdout, stderr } = await wsimport(fixture().brokenWsdlFile());
    expect(stdout + stderr)
      .to.contain('[ERROR]')
      .and.contain('NoSuch');
  });

  describe('with the client built', () => {
    before('the client is generated and compiled without a warning', async () => {
      const out = path.join(fixture().dir, 'built');
      const { stdout, stderr } = await must('bash', here('build.sh'), await fixture().singleWsdlFile(), out);
      expect({ said: words(stdout), stderr }).to.deep.equal({ said: CONTENT, stderr: '' });
      const debian = (await must('bash', here('classpath.sh'))).stdout.trim();
      classpath = `${path.join(out, 'classes')}:${debian}`;
    });

    it('saves, reads and is refused with 9434 by the sample', async () => {
      const stdin = '2902611111\n';
      expectSaveGetAndRefusal(
        await run('java', java('Example', 'udk', fixture().endpoint), { env: ENV, stdin }),
      );
    });

    holdsEveryRule(fixture, drive, (parties) => {
      it('refuses a header that was given as null with 8234 and 8235: JAX-WS sends it, as nil', async () => {
        const personnummer = parties.newBorger();
        const get = (nil: string) => parties.as('udk').get(personnummer, { nil });
        parties.isFault(await get('ActiveOrganisationHeader'), 8234, 'nil');
        parties.isFault(await get('RequestUserMetadataHeader'), 8235, 'nil');
      });
    });

    describe('and that of the queue', () => {
      const out = (): string => path.join(fixture().dir, 'queue');
      before('it is generated and compiled without a warning', async () => {
        for (const service of QUEUE_SERVICES) await fixture().singleWsdlFile(service);
        const { stdout, stderr } = await must('bash', here('queue/build.sh'), fixture().dir, out());
        expect({ said: words(stdout), stderr }).to.deep.equal({ said: `${CONTENT} ${CONTENT}`, stderr: '' });
        classpath = `${path.join(out(), 'classes')}:${classpath}`;
      });

      it('has the message of each operation as one object, by the bindings that are shipped', async () => {
        const generated = 'dk/bm/service/pjaktass/_3/wsrmservice/WsrmService.java';
        const method = (dir: string): string =>
          readFileSync(path.join(dir, generated), 'utf8').replace(/@\w+\([^)]*\)/g, '');
        expect(method(path.join(out(), 'src'))).to.match(
          /public CreateSequenceResponseType createSequence\(\s*CreateSequenceType createSequence,/,
        );
        await wsimport(wsdlFile('WsrmService'), { args: ['-keep'] });
        expect(method(fixture().dir), 'without the bindings').to.match(
          /public void createSequence\(\s*Object acksTo,\s*String expires,/,
        );
      });

      emptiesTheQueue(fixture, drive, (party) => {
        const urls = QUEUE_SERVICES.map((service) => fixture().endpointOf(service));
        return new ClientProcess('java', java('DriveQueue', party, ...urls), ENV);
      });
    });
  });
});
