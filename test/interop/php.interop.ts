// PHP: SoapClient reads the WSDL without a warning, and a client made with it sees every rule hold.

import path from 'node:path';
import { expect } from 'chai';
import { ClientProcess } from './client-process.ts';
import { expectSaveGetAndRefusal } from './example.ts';
import type { Party } from './fixture.ts';
import { run } from './run.ts';
import { holdsEveryRule, useFixture } from './scenario.ts';

/** Every notice and warning, on stderr. */
const LOUD = ['-d', 'error_reporting=-1', '-d', 'display_errors=stderr', '-d', 'log_errors=0'];
const script = (name: string): string[] => [...LOUD, path.join(import.meta.dirname, 'php', name)];

describe('PHP SoapClient', () => {
  const fixture = useFixture();

  const args = (party: Party, query: string): string[] => {
    const { ca, endpoint } = fixture();
    const { cert = '-', key = '-', organisation } = fixture().identity(party);
    return [endpoint + query, cert, key, ca, organisation.type, organisation.code];
  };
  const read = (wsdl: string) => run('php', [...script('read.php'), wsdl, fixture().ca]);

  for (const query of ['?wsdl', '?singleWsdl']) {
    it(`reads ${query} without a warning`, async () => {
      const { status, stdout, stderr } = await read(fixture().endpoint + query);
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      expect(stdout.split('\n')).to.include.members([
        'CreatedResponseType SaveTidligPension(SaveTidligPensionRequestType $SaveTidligPensionRequest)',
        'GetTidligPensionResponseType GetTidligPension(GetTidligPensionRequestType $GetTidligPensionRequest)',
      ]);
    });
  }

  it('would complain of a contract with a mistake in it', async () => {
    const { status, stderr } = await read(fixture().brokenWsdlFile());
    expect(status).not.to.equal(0);
    expect(stderr).to.contain('NoSuch');
  });

  it('saves, reads and is refused with 9434 by the sample', async () => {
    const stdin = '2902611111\n';
    expectSaveGetAndRefusal(await run('php', [...script('example.php'), ...args('udk', '?wsdl')], { stdin }));
  });

  holdsEveryRule(
    fixture,
    (party) => new ClientProcess('php', [...script('drive.php'), ...args(party, '?singleWsdl')]),
  );
});
