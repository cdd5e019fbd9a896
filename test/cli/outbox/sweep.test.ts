// `pension outbox sweep`: what is missing is named, and queued when asked to; the a-kasse then fetches it over SOAP.

import { expect } from 'chai';
import { type CliResult, pension, worldEnv } from '../../support/cli.ts';
import { member } from '../../support/queue.ts';
import { demoWorld, startTestService } from '../../support/service.ts';
import { transfersOf } from '../../support/transfer.ts';
import { Filled, koe } from './filled.ts';

const NU = new Date(Date.now() - 1_800_000);
const NUMBER = /(?<![0-9a-f-])\d{6}-?\d{4}(?![0-9a-f-])/;

describe('pension outbox sweep', () => {
  let store: Filled;
  let env: Record<string, string>;
  let id: string;
  let waiting: string;
  beforeEach(async () => {
    store = new Filled();
    env = { ...worldEnv(await demoWorld()), PENSION_STORE: store.address };
    await store.register(NU, '22', 1, 2);
    id = await store.save(NU, member('22', 1));
    for (let version = 2; version <= 3; version += 1) await store.save(NU, member('22', 1), id);
    waiting = await store.save(NU, member('11', 5));
  });
  const sweep = (...options: string[]): Promise<CliResult> =>
    pension(['outbox', 'sweep', ...options], { env });

  it('says how many versions it looked at when nothing is missing', async () => {
    expect(await sweep()).to.deep.include({
      code: 0,
      stdout: '4 versions looked at, 0 without a besked\n',
      stderr: '',
    });
    expect((await store.entries()).at(-1)).to.include({
      operation: 'GennemgaaOutbox',
      detaljer: '{"versions":4,"missing":0,"recreate":false}',
    });
  });

  it('names each version without its besked, and fails', async () => {
    store.lose([id, 2], [waiting, 1]);
    const { code, stdout, stderr } = await sweep();
    expect(code).to.equal(1);
    expect(stdout).to.match(/^4 versions looked at, 2 without a besked\n/);
    expect(stdout).to.include(`  forløb ${id} version 2, 290263-****\n`);
    expect(stdout).to.include(`  forløb ${waiting} version 1, 290263-****\n`).and.not.match(NUMBER);
    expect(stderr).to.match(/^pension: 2 version\(s\) .*sweep --recreate/);
    expect((await sweep()).stdout, 'still').to.equal(stdout);
  });

  it('says with --recreate what became of each, and finds nothing the next time', async () => {
    const taken = await store.save(NU, member('22', 2));
    for (let version = 2; version <= 3; version += 1) await store.save(NU, member('22', 2), taken);
    const sequence = await store.create(NU, koe('22'));
    await store.end(NU, koe('22'), 'TerminateSequence', sequence);
    const last = await store.save(NU, member('22', 1), id);
    store.lose([id, 4], [waiting, 1], [taken, 2]);
    const { code, stdout, stderr } = await sweep('--recreate');
    expect({ code, stderr, last }).to.deep.equal({ code: 0, stderr: '', last: id });
    for (const line of [
      '8 versions looked at, 3 without a besked',
      `  forløb ${id} version 4, 290263-****; queued again, a-kasse 22: the current a-kasse`,
      `  forløb ${waiting} version 1, 290263-****; queued again, nobody yet, it waits: no membership that counts had begun`,
      `  forløb ${taken} version 2, 290263-****; kept, but not sent, for a later version of the forløb has its place or was handed out before it`,
    ])
      expect(stdout.split('\n')).to.include(line);
    expect(await sweep()).to.include({ code: 0, stdout: '8 versions looked at, 0 without a besked\n' });
    expect((await pension(['audit', 'verify'], { env })).code).to.equal(0);
  });

  it('prints the same as JSON', async () => {
    store.lose([waiting, 1], [id, 3]);
    const facts = (at: string, version: number) => ({ forloebId: at, version, personnummer: '290263-****' });
    const byVersion = (a: { version: number }, b: { version: number }): number => a.version - b.version;
    const found = await sweep('--json');
    expect(found.code).to.equal(1);
    const { missing, ...counts } = JSON.parse(found.stdout);
    expect(counts).to.deep.equal({ versions: 4, recreated: 0 });
    expect(missing.sort(byVersion)).to.deep.equal([facts(waiting, 1), facts(id, 3)]);
    const done = JSON.parse((await sweep('--recreate', '--json')).stdout);
    expect(done).to.include({ versions: 4, recreated: 2 });
    expect(done.missing.sort(byVersion)).to.deep.equal([
      { ...facts(waiting, 1), modtagerAarsag: 'intet-medlemskab' },
      { ...facts(id, 3), modtager: '22', modtagerAarsag: 'nuvaerende-akasse' },
    ]);
  });

  it('lets the a-kasse fetch what was missing, in order', async () => {
    store.lose([id, 1], [id, 3]);
    expect((await sweep('--recreate')).code).to.equal(0);
    const service = await startTestService({ PENSION_STORE: store.address });
    try {
      const akasse = transfersOf(service, '22');
      const { identifier, antal } = await akasse.create();
      expect(antal).to.equal(3);
      const { messageIdentifiers } = await akasse.fetch(identifier);
      expect(messageIdentifiers).to.deep.equal([1, 2, 3].map((version) => store.row(id, version).id));
      expect((await akasse.terminate(identifier)).status).to.equal(200);
      expect((await akasse.create()).antal).to.equal(0);
    } finally {
      await service.stop();
    }
  });
});
