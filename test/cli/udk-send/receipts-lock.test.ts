// The receipts of a batch belong to one run at a time, and to nobody once that run is dead.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  type Fate,
  type FaultyServer,
  type SeenRequest,
  startFaultyServer,
} from '../../support/faulty-server.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type BatchFolder, batchFolder, newForloebBatch } from './batches.ts';

describe('the lock of the receipts', () => {
  let service: TestService;
  let server: FaultyServer;
  let decide: (request: SeenRequest) => Fate | Promise<Fate>;
  beforeEach(async () => {
    service = await startTestService();
    decide = () => 'answered';
    server = await startFaultyServer(service, (request) => decide(request));
  });
  afterEach(() => Promise.all([server.stop(), service.stop()]));

  const folderWith = (content: string): BatchFolder => batchFolder(service.world, content);

  it('a second run is refused while the first is at it', async () => {
    const folder = folderWith(newForloebBatch(3));
    let release = (): void => undefined;
    const held = new Promise<Fate>((resolve) => {
      release = () => resolve('answered');
    });
    let begun = (): void => undefined;
    const first = new Promise<void>((resolve) => {
      begun = resolve;
    });
    decide = () => {
      begun();
      return held;
    };
    const running = folder.start(server.url);
    await first;
    const { code, stderr } = await folder.start(server.url).result;
    expect(stderr).to.match(/Another `udk send` is using .*receipts\.csv.*nothing was sent/);
    expect(code).to.equal(1);
    release();
    expect((await running.result).code).to.equal(0);
    expect(server.requests).to.have.length(3);
  });

  it('what a killed run left of its lock holds nobody up', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const folder = folderWith(newForloebBatch(1));
    for (const content of [String(dead), '', 'x']) {
      writeFileSync(`${folder.receipts}.lock`, content);
      const { code, stderr } = await folder.start(server.url).result;
      expect(code, stderr).to.equal(0);
    }
  });

  it('a lock of a living process is named, for that process may be another program', async () => {
    const folder = folderWith(newForloebBatch(1));
    writeFileSync(`${folder.receipts}.lock`, String(process.pid));
    const { code, stderr } = await folder.start(server.url).result;
    expect(code).to.equal(1);
    expect(stderr).to.contain(`${folder.receipts}.lock`).and.contain(String(process.pid));
  });

  it('of several that find an old lock at the same moment, one goes on', async () => {
    const folder = folderWith(newForloebBatch(1));
    writeFileSync(`${folder.receipts}.lock`, String(spawnSync(process.execPath, ['-e', '']).pid));
    let ended = 0;
    decide = async ({ number }): Promise<Fate> => {
      while (ended < 4 && number < 2) await new Promise((resolve) => setTimeout(resolve, 10));
      return 'answered';
    };
    const runs = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const result = await folder.start(server.url).result;
        ended += 1;
        return result;
      }),
    );
    expect(runs.map(({ code }) => code).sort()).to.deep.equal([0, 1, 1, 1, 1]);
    expect(server.requests).to.have.length(1);
  });
});
