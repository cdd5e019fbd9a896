// C++: wsdl2h and soapcpp2 read the WSDL without a warning, and a client made with them sees every rule hold.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { ClientProcess } from './client-process.ts';
import { expectSaveGetAndRefusal } from './example.ts';
import { type Party, WSDL_FILE } from './fixture.ts';
import { run } from './run.ts';
import { holdsEveryRule, useFixture } from './scenario.ts';

const here = (name: string): string => path.join(import.meta.dirname, 'gsoap', name);

/** What wsdl2h and soapcpp2 say of their progress, line by line. Both talk a lot, and a complaint has no fixed form. */
const PROGRESS = [
  /^$/,
  /^\*\*/, // the licence
  /^(Reading type definitions from type map|Reading|Reading schema|Done reading) '|^Reading type .* "/,
  /^Connecting to '.*' to retrieve (WSDL\/WADL or XSD|schema)\.\.\. connected, receiving\.\.\.$/,
  /^To finalize code generation, execute:$|^Or to generate C\+\+ proxy and service classes:$|^> soapcpp2 /,
  /^Saving \S/,
  /^Using ps (service name|service style|service encoding|service location|schema namespace): /,
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
  const args = (party: Party): string[] => {
    const { endpoint, ca, dir } = fixture();
    const { cert, key, organisation } = fixture().identity(party);
    const both = cert === undefined ? '-' : path.join(dir, `${party}.pem`);
    if (cert !== undefined) {
      writeFileSync(both, readFileSync(cert, 'utf8') + readFileSync(key!, 'utf8'), { mode: 0o600 });
    }
    return [endpoint, both, ca, organisation.type, organisation.code];
  };

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

  describe('with the client built', () => {
    before('the client compiles without a warning', async () => {
      const { status, stdout, stderr } = await run('bash', [here('compile.sh'), built('')]);
      expect({ status, said: stdout + stderr }).to.deep.equal({ status: 0, said: '' });
    });

    it('saves, reads and is refused with 9434 by the sample', async () => {
      const stdin = `2902611111 ${randomUUID()}\n`;
      expectSaveGetAndRefusal(await run(built('example'), args('udk'), { stdin }));
    });

    holdsEveryRule(fixture, (party) => new ClientProcess(built('drive'), args(party)));
  });
});
