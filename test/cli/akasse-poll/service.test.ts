// `akasse poll` and the service itself: what UDK has saved comes to the a-kasse that it concerns, and to no other.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { resolveTarget } from '../../../src/cli/client/target.ts';
import { makeWsrmClient } from '../../../src/cli/client/wsrm-client.ts';
import { PACKAGE_ROOT } from '../../../src/cli/contract-files.ts';
import { pension, worldEnv } from '../../support/cli.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { tempDir } from '../../support/temp.ts';
import { type PollFolder, pollFolder } from './beskeder.ts';

const BATCH = fileURLToPath(new URL('fixtures/world/udk-batch.csv', PACKAGE_ROOT));

describe('akasse poll from the service', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
    const register = path.join(service.world, 'medlemskaber.csv');
    const env = { ...worldEnv(service.world), PENSION_STORE: service.store };
    expect((await pension(['import', 'medlemskaber', register], { env })).code).to.equal(0);
    const receipts = path.join(tempDir(), 'receipts.csv');
    const target = ['--as', 'udk', '--world', service.world, '--url', service.url];
    await pension(['udk', 'send', BATCH, '--receipts', receipts, ...target]);
  });
  after(() => service.stop());

  /** Polls as that a-kasse of the demo world into the file. */
  const poll = async (folder: PollFolder, as: string) => {
    const target = ['--as', as, '--world', service.world, '--url', service.url];
    return pension(['akasse', 'poll', '--out', folder.file, '--json', ...target]);
  };

  it('gets what the batch of the demo world has for each a-kasse, once', async () => {
    const folders = await Promise.all(
      ['11', '22', '67'].map(async (as) => {
        const folder = pollFolder();
        const { code, stdout, stderr } = await poll(folder, as);
        expect({ code, stderr }, as).to.deep.equal({ code: 0, stderr: '' });
        const beskeder = folder.read();
        expect(JSON.parse(stdout), as).to.include({ fetched: beskeder.length, added: beskeder.length });
        expect(beskeder, as).not.to.have.length(0);
        expect(JSON.parse((await poll(folder, as)).stdout), 'nothing comes twice').to.include({ fetched: 0 });
        return beskeder;
      }),
    );
    const came = folders.flat().map(({ messageIdentifier }) => messageIdentifier);
    expect(new Set(came).size).to.equal(came.length);
  });

  it('closes the sequence that a killed run has left open, as the refusal of the service names it', async () => {
    const save = path.join(tempDir(), 'receipts.csv');
    const udk = ['--as', 'udk', '--world', service.world, '--url', service.url];
    const waiting = await poll(pollFolder(), '22');
    expect(waiting.code).to.equal(0);
    await pension(['udk', 'send', BATCH, '--receipts', save, ...udk]); // its Updates are sent once more
    const target = resolveTarget({ as: '22', world: service.world, url: service.url });
    const killed = await makeWsrmClient(target, 'test');
    const left = await killed.createSequence();
    killed.disconnect();
    expect(left.kind).to.equal('answered');
    const folder = pollFolder();
    const { code, stdout } = await poll(folder, '22');
    expect(code).to.equal(0);
    expect(JSON.parse(stdout).fetched, 'something was waiting').to.be.above(0);
    expect(folder.read()).to.have.length(JSON.parse(stdout).fetched);
  });

  it('is turned away as an a-kasse that has been merged, and as UDK', async () => {
    for (const [as, reason] of [
      ['31', /refused with 1013 .*its successor 67/],
      ['udk', /refused with 1013 /],
    ] as const) {
      const { code, stderr } = await poll(pollFolder(), as);
      expect(code, as).to.equal(1);
      expect(stderr).to.match(reason);
    }
  });
});
