// Python: zeep reads the WSDL without a warning, and a client made with it sees every rule hold.

import path from 'node:path';
import { expect } from 'chai';
import { ClientProcess } from './client-process.ts';
import { expectSaveGetAndRefusal } from './example.ts';
import { type Party, QUEUE_SERVICES, type ServiceName, wsdlFile } from './fixture.ts';
import { run } from './run.ts';
import { emptiesTheQueue, holdsEveryRule, useFixture } from './scenario.ts';

/** Debian's own Python, for which python3-zeep is installed; another may come first on the PATH. */
const PYTHON = '/usr/bin/python3';
/** Every warning is shown, but for the one that this version of zeep gives of its own import of `cgi`. */
const ENV = { PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'default,ignore::DeprecationWarning:zeep.utils' };
const script = (name: string): string => path.join(import.meta.dirname, 'zeep', name);

describe('zeep (Python)', () => {
  const fixture = useFixture();

  const args = (party: Party, ...wsdl: readonly string[]): string[] => {
    const { cert = '-', key = '-', organisation } = fixture().identity(party);
    return [...wsdl, cert, key, fixture().ca, organisation.type, organisation.code];
  };
  const queueWsdl = (query: string): string[] =>
    QUEUE_SERVICES.map((service) => fixture().endpointOf(service) + query);
  /** Has zeep read a WSDL and print what it found in it. */
  const read = (wsdl: string) => run(PYTHON, [script('read.py'), wsdl, fixture().ca], { env: ENV });

  for (const query of ['?wsdl', '?singleWsdl']) {
    it(`reads ${query} without a warning`, async () => {
      const { status, stdout, stderr } = await read(fixture().endpoint + query);
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      expect(stdout).to.contain('SaveTidligPension(Personnummer: ');
      expect(stdout).to.contain('GetTidligPension(Personnummer: ');
    });
  }

  it('would complain of a contract with a mistake in it', async () => {
    const { status, stderr } = await read(fixture().brokenWsdlFile());
    expect(status).not.to.equal(0);
    expect(stderr).to.contain('NoSuch');
  });

  it('saves, reads and is refused with 9434 by the sample', async () => {
    const stdin = '2902611111\n';
    expectSaveGetAndRefusal(
      await run(PYTHON, [script('example.py'), ...args('udk', `${fixture().endpoint}?wsdl`)], {
        env: ENV,
        stdin,
      }),
    );
  });

  const drive = (party: Party) =>
    new ClientProcess(PYTHON, [script('drive.py'), ...args(party, `${fixture().endpoint}?singleWsdl`)], ENV);
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
      expect(said[0]!.stdout).to.contain('CreateSequence(AcksTo: None, Expires: xsd:string, ');
      expect(said[1]!.stdout).to.contain('-> header: {SequenceResponse: ');
    });
  }

  emptiesTheQueue(
    fixture,
    drive,
    (party) =>
      new ClientProcess(PYTHON, [script('drive_queue.py'), ...args(party, ...queueWsdl('?singleWsdl'))], ENV),
    // A datetime of Python has microseconds: zeep rounds the seventh decimal away.
    { registered: (text) => text.replace('.9218786', '.921879') },
  );
});
