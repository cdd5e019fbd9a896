// C++: wsdl2h and soapcpp2 read the WSDL without a warning, and a client made with them sees every rule hold.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { ClientProcess } from './client-process.ts';
import { expectSaveGetAndRefusal } from './example.ts';
import { type Party, QUEUE_SERVICES, WSDL_FILE, wsdlFile } from './fixture.ts';
import { run } from './run.ts';
import { emptiesTheQueue, holdsEveryRule, useFixture } from './scenario.ts';

const here = (name: string): string => path.join(import.meta.dirname, 'gsoap', name);

/** What wsdl2h and soapcpp2 say of their progress, line by line. Both talk a lot, and a complaint has no fixed form. */
const PROGRESS = [
  /^$/,
  /^\*\*/, // the licence
  /^(Reading type definitions from type map|Reading|Reading schema|Done reading) '|^Reading type .* "/,
  /^Connecting to '.*' to retrieve (WSDL\/WADL or XSD|schema)\.\.\. connected, receiving\.\.\.$/,
  /^To finalize code generation, execute:$|^Or to generate C\+\+ proxy and service classes:$|^> soapcpp2 /,
  /^Saving \S/,
  /^Using (ps|ws|wms) (service name|service style|service encoding|service location|schema namespace): /,
  /^Compilation successful $/,
];

/** The lines that speak of something else than progress. */
const complaints = (said: string): string[] =>
  said.split('\n').filter((line) => !PROGRESS.some((pattern) => pattern.test(line.trimStart())));

describe('gSOAP (C++)', () => {
  const fixture = useFixture();
  const built = (name: string): string => path.join(fixture().dir, 'singleWsdl', name);
  /** wsdl2h, then soapcpp2. */
  const generate = (wsdl: string, out: string) =>
    run('bash', [here('generate.sh'), wsdl, path.join(fixture().dir, out)]);

  /** The arguments of a client; gSOAP wants certificate and key in one file. */
  const args = (party: Party, ...urls: readonly string[]): string[] => {
    const { ca, dir } = fixture();
    const { cert, key, organisation } = fixture().identity(party);
    const both = cert === undefined ? '-' : path.join(dir, `${party}.pem`);
    if (cert !== undefined) {
      writeFileSync(both, readFileSync(cert, 'utf8') + readFileSync(key!, 'utf8'), { mode: 0o600 });
    }
    return [...urls, both, ca, organisation.type, organisation.code];
  };
  const drive = (party: Party) => new ClientProcess(built('drive'), args(party, fixture().endpoint));

  for (const [name, wsdl] of [
    ['?wsdl', () => `${fixture().endpoint}?wsdl`],
    ['?singleWsdl', () => `${fixture().endpoint}?singleWsdl`],
    ['the files of the repository', () => WSDL_FILE],
  ] as const) {
    it(`reads ${name} without a warning`, async () => {
      const { status, stdout, stderr } = await generate(wsdl(), name.replace(/\W/g, ''));
      expect(status, stdout + stderr).to.equal(0);
      expect(stdout + stderr).to.contain('Compilation successful');
      expect(complaints(stdout + stderr)).to.deep.equal([]);
    });
  }

  it('puts mustUnderstand on both headers, which the service takes', () => {
    const header = /struct SOAP_ENV__Header\s*\{([\s\S]*?)\n\};/.exec(
      readFileSync(built('PensionService.h'), 'utf8'),
    )?.[1];
    expect(header?.match(/^\s*mustUnderstand/gm)).to.have.length(2);
  });

  it('would complain of a contract with a mistake in it', async () => {
    const { stdout, stderr } = await generate(fixture().brokenWsdlFile(), 'broken');
    expect(stdout + stderr)
      .to.match(/warn|error/i)
      .and.contain('NoSuch');
  });

  it('takes the namespace of the queue for one that is built in, unless it is misled', async () => {
    const { stdout, stderr } = await generate(wsdlFile('WsrmService'), 'plain');
    expect(complaints(stdout + stderr).join('\n')).to.match(
      /WARNING.*CreateSequence.* is a pointer to a char/,
    );
  });

  describe('with the client built', () => {
    before('the client compiles without a warning', async () => {
      const { status, stdout, stderr } = await run('bash', [here('compile.sh'), built('')]);
      expect({ status, said: stdout + stderr }).to.deep.equal({ status: 0, said: '' });
    });

    it('saves, reads and is refused with 9434 by the sample', async () => {
      const stdin = `2902611111 ${randomUUID()}\n`;
      expectSaveGetAndRefusal(await run(built('example'), args('udk', fixture().endpoint), { stdin }));
    });

    holdsEveryRule(fixture, drive);

    describe('and that of the queue', () => {
      const out = (): string => path.join(fixture().dir, 'queue');
      before('it is generated and compiled without a warning', async () => {
        for (const service of QUEUE_SERVICES) await fixture().singleWsdlFile(service);
        const generated = await run('bash', [here('queue/generate.sh'), fixture().dir, out()]);
        const said = generated.stdout + generated.stderr;
        expect(generated.status, said).to.equal(0);
        expect(complaints(said)).to.deep.equal([]);
        const compiled = await run('bash', [here('queue/compile.sh'), out()]);
        expect({ status: compiled.status, said: compiled.stdout + compiled.stderr }).to.deep.equal({
          status: 0,
          said: '',
        });
      });

      const urls = (): string[] => QUEUE_SERVICES.map((service) => fixture().endpointOf(service));
      emptiesTheQueue(
        fixture,
        drive,
        (party) => new ClientProcess(path.join(out(), 'drive_queue'), args(party, ...urls())),
        // It has no null for an element but to leave it out.
        { noNil: true },
      );
    });
  });
});
