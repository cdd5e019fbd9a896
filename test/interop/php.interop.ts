// PHP: SoapClient reads the WSDL without a warning, and a client made with it sees every rule hold.

import path from 'node:path';
import { expect } from 'chai';
import { ClientProcess } from './client-process.ts';
import { expectSaveGetAndRefusal } from './example.ts';
import { type Party, QUEUE_SERVICES, type ServiceName, wsdlFile } from './fixture.ts';
import { run } from './run.ts';
import { emptiesTheQueue, holdsEveryRule, useFixture } from './scenario.ts';

/** Every notice and warning, on stderr. */
const LOUD = ['-d', 'error_reporting=-1', '-d', 'display_errors=stderr', '-d', 'log_errors=0'];
const script = (name: string): string[] => [...LOUD, path.join(import.meta.dirname, 'php', name)];

describe('PHP SoapClient', () => {
  const fixture = useFixture();

  const args = (party: Party, ...wsdl: readonly string[]): string[] => {
    const { cert = '-', key = '-', organisation } = fixture().identity(party);
    return [...wsdl, cert, key, fixture().ca, organisation.type, organisation.code];
  };
  const queueWsdl = (query: string): string[] =>
    QUEUE_SERVICES.map((service) => fixture().endpointOf(service) + query);
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
    const example = [...script('example.php'), ...args('udk', `${fixture().endpoint}?wsdl`)];
    expectSaveGetAndRefusal(await run('php', example, { stdin }));
  });

  const drive = (party: Party) =>
    new ClientProcess('php', [...script('drive.php'), ...args(party, `${fixture().endpoint}?singleWsdl`)]);
  holdsEveryRule(fixture, drive);

  for (const [name, wsdl] of [
    ['?wsdl', (service: ServiceName) => `${fixture().endpointOf(service)}?wsdl`],
    ['?singleWsdl', (service: ServiceName) => `${fixture().endpointOf(service)}?singleWsdl`],
    ['the files of the repository', wsdlFile],
  ] as const) {
    it(`reads ${name} of both services of the queue without a warning`, async () => {
      const said = await Promise.all(QUEUE_SERVICES.map((service) => read(wsdl(service))));
      for (const { status, stderr } of said)
        expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      expect(said[0]!.stdout).to.contain(
        'CreateSequenceResponseType CreateSequence(CreateSequenceType $CreateSequence)',
      );
      expect(said[1]!.stdout).to.contain(
        'GetTidligPensionVersion1ResponseType GetTidligPensionVersion1(WsrmRequestType ',
      );
    });
  }

  emptiesTheQueue(
    fixture,
    drive,
    (party) =>
      new ClientProcess('php', [...script('drive_queue.php'), ...args(party, ...queueWsdl('?singleWsdl'))]),
  );
});
