// `udk send` to a service that is well: what it reports, what it does not send twice, how it is interrupted.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { clientIdentity } from '../../../src/cli/world/world.ts';
import { PENSION } from '../../support/cli.ts';
import {
  type Fate,
  type FaultyServer,
  type SeenRequest,
  startFaultyServer,
} from '../../support/faulty-server.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { batch, batchFolder, borger, forloebOf, newForloeb, newForloebBatch } from './batches.ts';

const DEMO_BATCH = readFileSync(new URL('../../../fixtures/world/udk-batch.csv', import.meta.url));

describe('udk send', () => {
  let service: TestService;
  let server: FaultyServer;
  let decide: (request: SeenRequest) => Fate | Promise<Fate>;
  beforeEach(async () => {
    service = await startTestService();
    decide = () => 'answered';
    server = await startFaultyServer(service, (request) => decide(request));
  });
  afterEach(() => Promise.all([server.stop(), service.stop()]));

  it('sums up what came of the demo batch, ends with code 1 for its refusals, and sends nothing again', async () => {
    const folder = batchFolder(service.world, DEMO_BATCH);
    const first = await folder.start(server.url).result;
    expect(first.stdout.replaceAll(/ +/g, ' ')).to.equal(
      [
        'lines 25',
        'saved 19',
        'refused 6',
        'failed 0',
        ' 1001 1 Invalid cpr',
        ' 1014 2 The submitted message is not valid',
        ' 4636 1 Enddate cannot be before startdate',
        ' 9434 2 Forløb må ikke overlappe andet Tidlig Pension forløb',
        '',
      ].join('\n'),
    );
    expect(first.stderr).to.match(
      /^pension: 6 refused and 0 failed; the reasons are in .*receipts\.csv\.\n$/,
    );
    expect(first.code).to.equal(1);
    const [sent, receipts] = [server.requests.length, readFileSync(folder.receipts, 'utf8')];
    expect(sent).to.equal(25);

    const second = await folder.start(server.url, '--json').result;
    expect(JSON.parse(second.stdout)).to.deep.equal({
      lines: 25,
      saved: 19,
      refused: 6,
      failed: 0,
      notSent: 0,
      earlier: 25,
      errorCodes: { 1001: 1, 1014: 2, 4636: 1, 9434: 2 },
    });
    expect(second.code).to.equal(1);
    expect(server.requests).to.have.length(sent);
    expect(readFileSync(folder.receipts, 'utf8')).to.equal(receipts);
  });

  it('ends with code 0 and nothing on stderr when every line is saved', async () => {
    const folder = batchFolder(service.world, newForloebBatch(5));
    const { code, stdout, stderr } = await folder.start(service.url).result;
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout.replaceAll(/ +/g, ' ')).to.equal('lines 5\nsaved 5\nrefused 0\nfailed 0\n');
  });

  it('sends to plain HTTP too', async () => {
    const plain = await startTestService({ PENSION_TLS: 'off' });
    const folder = batchFolder(service.world, newForloebBatch(2));
    expect((await folder.start(plain.url).result).code).to.equal(0);
    await plain.stop();
  });

  describe('as somebody whom the service turns away', () => {
    const certificate = (name: string): string[] => {
      const { cert, key } = clientIdentity(service.world, name);
      return ['--cert', cert, '--key', key];
    };
    const cases: Readonly<Record<string, readonly [options: () => string[], code: string]>> = {
      'an unmapped certificate': [() => certificate('ukendt'), '1012'],
      'a revoked certificate': [() => ['--as', 'tilbagekaldt'], '1012'],
      'the certificate of another': [() => certificate('star'), '1013'],
      'an a-kasse': [() => ['--as', 'akasse-11'], '1013'],
    };
    it('stops, refuses no line for it, and completes when it is put right', async () => {
      const runs = Object.entries(cases).map(async ([who, [options, errorCode]], at) => {
        const lines = Array.from({ length: 12 }, (_, number) => newForloeb(100 * at + number));
        const folder = batchFolder(service.world, batch(...lines));
        const { code, stdout, stderr } = await folder.start(service.url, '--json', ...options()).result;
        expect(stderr, who).to.contain(
          `The batch was stopped: the service refuses this caller: ${errorCode}: `,
        );
        expect(stderr).to.match(/Run the same command again to go on; .*receipts\.csv says what is done/);
        const summary = JSON.parse(stdout);
        expect(summary, who).to.include({ lines: 12, saved: 0, refused: 0 });
        expect(summary.failed, 'one for each connection at most').to.be.within(1, 8);
        expect(summary.failed + summary.notSent).to.equal(12);
        expect(summary.errorCodes).to.deep.equal({ [errorCode]: summary.failed });
        expect(code).to.equal(1);
        const right = await folder.start(service.url, '--json').result;
        expect(JSON.parse(right.stdout), who).to.include({ saved: 12, failed: 0, earlier: 0 });
        expect(right.code).to.equal(0);
      });
      await Promise.all(runs);
    });
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`finishes what is under way on ${signal}, ends with code 1, and says how to go on`, async () => {
      const folder = batchFolder(service.world, newForloebBatch(20));
      let release = (): void => undefined;
      const held = new Promise<Fate>((resolve) => {
        release = () => resolve('answered');
      });
      const three = new Promise<void>((resolve) => {
        decide = ({ underWay }) => {
          if (underWay === 3) resolve();
          return held;
        };
      });
      const sending = folder.start(server.url, '--connections', '3', '--json');
      await three;
      sending.signal(signal);
      setTimeout(release, 100); // the signal has been taken by then
      const { code, stdout, stderr } = await sending.result;
      expect(JSON.parse(stdout)).to.include({ lines: 20, saved: 3, notSent: 17 });
      expect(stderr).to.match(/The batch was interrupted\. Run the same command again to go on/);
      expect(code).to.equal(1);
      expect(server.requests).to.have.length(3);
      expect(folder.read().map(({ outcome }) => outcome)).to.deep.equal([
        ...Array(3).fill('saved'),
        ...Array(17).fill('sending'),
      ]);
      expect((await folder.start(server.url).result).code).to.equal(0);
      expect(server.requests).to.have.length(20);
      const forloeb = await forloebOf(
        service,
        Array.from({ length: 20 }, (_, at) => borger(at)),
      );
      expect(forloeb).to.deep.equal(folder.read().map((receipt) => [receipt.tidligPensionIdentifier]));
    });
  }

  it('shows a progress bar on a terminal, and only there', async function () {
    const run = promisify(execFile);
    await run('script', ['--version']).catch(() => this.skip()); // no terminal without util-linux
    const folder = batchFolder(service.world, newForloebBatch(40));
    const command = [process.execPath, PENSION, 'udk', 'send', folder.file, '--receipts', folder.receipts];
    const line = [...command, '--world', service.world, '--url', server.url]
      .map((word) => `'${word}'`)
      .join(' ');
    const { stdout } = await run('script', ['-qec', line, '/dev/null']);
    expect(stdout).to.match(/40\/40 lines/);
    const other = batchFolder(service.world, newForloebBatch(1));
    expect((await other.start(server.url).result).stderr).not.to.match(/sending \[/);
  });
});
