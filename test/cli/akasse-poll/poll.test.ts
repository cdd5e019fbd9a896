// `akasse poll` as its users run it: what it prints, how it ends, how it goes on, and how it is stopped.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { PENSION, pension } from '../../support/cli.ts';
import { faultAnswer } from '../../support/faulty-server.ts';
import {
  type SeenCall,
  startWsrmServer,
  type WsrmFate,
  WsrmQueue,
  type WsrmServer,
} from '../../support/wsrm-server.ts';
import { identifiers, pollFolder, registration, registrations } from './beskeder.ts';

const ADVICE_1013 = /Check ActiveOrganisationHeader/;

describe('akasse poll', () => {
  let server: WsrmServer;
  let queue: WsrmQueue;
  let decide: (call: SeenCall) => WsrmFate | Promise<WsrmFate>;
  beforeEach(async () => {
    queue = new WsrmQueue(registrations(12), 5);
    decide = () => 'answered';
    server = await startWsrmServer(queue, (call) => decide(call));
  });
  afterEach(() => server.stop());

  it('empties the queue into the file, one besked a line, and says what came', async () => {
    const folder = pollFolder();
    const { code, stdout, stderr } = await folder.start(server.url).result;
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(
      [
        'sequences            3',
        'fetched             12',
        'added               12',
        '  creates            8',
        '  updates            4',
        'already there        0',
        '',
      ].join('\n'),
    );
    expect(folder.read().map(({ messageIdentifier }) => messageIdentifier)).to.deep.equal(identifiers(12));
    expect(readFileSync(folder.file, 'utf8').split('\n')[1]).to.equal(
      '{"messageIdentifier":"0190a1b2-0000-7000-8000-000000000001","registrationType":"Create",' +
        '"eventDate":"2026-02-03T14:05:06.789+01:00","personnummer":"2902620001",' +
        '"tidligPensionIdentifier":"5f1d0c30-0001-4000-8000-000000000001","overgangTilTidligPension":' +
        '{"tidligPensionOvergangsdato":"2026-01-01","tidligPensionAfgoerelsesdato":"2025-11-20"}}',
    );
    expect(statSync(folder.file).mode & 0o777).to.equal(0o600);
    expect(existsSync(`${folder.file}.lock`)).to.equal(false);
    expect(queue.waiting).to.deep.equal([]);
  });

  it('run again adds what is new, says the same as JSON, and writes nothing when there is nothing', async () => {
    const folder = pollFolder();
    await folder.start(server.url).result;
    queue.waiting.push(registration(11), registration(12)); // the first of them came before
    const { code, stdout } = await folder.start(server.url, '--json').result;
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      sequences: 1,
      fetched: 2,
      added: 1,
      creates: 1,
      updates: 0,
      alreadyThere: 1,
    });
    expect(folder.read()).to.have.length(13);
    const { mtimeMs } = statSync(folder.file);
    expect((await folder.start(server.url).result).stdout).to.match(/^sequences +0\nfetched +0\n/);
    expect(statSync(folder.file).mtimeMs).to.equal(mtimeMs);
  });

  it('ends with code 1, the advice and nothing fetched when the service turns it away', async () => {
    decide = () => faultAnswer(1013, 'This certificate may not act for 2902620001.');
    const folder = pollFolder();
    const { code, stdout, stderr } = await folder.start(server.url).result;
    expect(stderr)
      .to.match(/^pension: refused with 1013 \(User has insufficient permissions/)
      .and.match(ADVICE_1013)
      .and.match(/Source 0{8}-/);
    expect(code).to.equal(1);
    expect(stdout).to.match(/fetched +0/);
    expect(server.calls).to.have.length(1);
    const watching = await folder.start(server.url, '--watch', '1').result;
    expect(watching.code, 'also with --watch').to.equal(1);
    expect(watching.stderr).to.match(ADVICE_1013);
  });

  it('ends with code 1 and says how to go on when the service is in trouble', async () => {
    decide = ({ number }) => (number === 4 ? { status: 500, body: 'a proxy in trouble' } : 'answered');
    const folder = pollFolder();
    const { code, stdout, stderr } = await folder.start(server.url).result;
    expect(stderr).to.equal(
      `pension: the service answered HTTP 500: a proxy in trouble\nNothing is lost: run the same command again to go on with ${folder.file}.\n`,
    );
    expect(code).to.equal(1);
    expect(stdout).to.match(/^sequences +1\nfetched +5\n/);
  });

  it('calls nothing when the file is somebody else’s', async () => {
    const folder = pollFolder();
    writeFileSync(folder.file, `${JSON.stringify({ personnummer: '2902620001' })}\n`);
    const { code, stdout, stderr } = await folder.start(server.url).result;
    expect(stderr).to.equal(
      `pension: ${folder.file}:1: it is not a besked. Name another file, or correct the line; nothing was fetched.\n`,
    );
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(server.calls).to.deep.equal([]);
  });

  it('is refused while another one has the file', async () => {
    const folder = pollFolder();
    let release = (): void => undefined;
    const held = new Promise<WsrmFate>((resolve) => {
      release = () => resolve('answered');
    });
    const begun = new Promise<void>((resolve) => {
      decide = ({ number }) => {
        resolve();
        return number === 1 ? held : 'answered';
      };
    });
    const first = folder.start(server.url);
    await begun;
    const { code, stderr } = await folder.start(server.url).result;
    expect(stderr).to.match(/Another `akasse poll` is using .*nothing was fetched/);
    expect(code).to.equal(1);
    release();
    expect((await first.result).code).to.equal(0);
  });

  it('cuts the file back and closes the sequence when the disk is full', async function () {
    const run = promisify(execFile);
    await run('prlimit', ['--version']).catch(() => this.skip()); // no limit without util-linux
    const folder = pollFolder();
    const args = ['akasse', 'poll', '--out', folder.file, '--url', server.url, '--organisation', '2:22'];
    const { code, stderr } = await pension(args, { through: ['prlimit', '--fsize=2500'] });
    expect(stderr).to.match(
      /could not be written \(EFBIG.*The beskeder stay in the queue; make room and poll/,
    );
    expect(code).to.equal(1);
    expect(server.calls.at(-1)!.operation).to.equal('CloseSequence');
    expect(folder.read()).to.have.length(12 - queue.waiting.length);
    expect((await folder.start(server.url).result).code).to.equal(0);
    expect(folder.read()).to.have.length(12);
  });

  it('with --watch says what passes by, polls again, and ends with code 0 when it is stopped', async () => {
    const folder = pollFolder();
    decide = ({ number }) => (number === 1 ? { status: 500, body: 'a proxy in trouble' } : 'answered');
    const watching = folder.start(server.url, '--watch', '1', '--json');
    await watching.sees('stderr', /HTTP 500: a proxy in trouble\. Polling again in 1 s\./);
    const seen = async (count: number): Promise<void> => {
      while (folder.read().length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await seen(12);
    queue.waiting.push(registration(12));
    await seen(13);
    watching.signal('SIGTERM');
    const { code, stdout } = await watching.result;
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ sequences: 4, fetched: 13, added: 13, alreadyThere: 0 });
    expect(folder.read()).to.have.length(13);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const watch of [false, true]) {
      it(`closes the open sequence on ${signal}${watch ? ' with --watch' : ' and says how to go on'}`, async () => {
        const folder = pollFolder();
        let release = (): void => undefined;
        const held = new Promise<WsrmFate>((resolve) => {
          release = () => resolve('answered');
        });
        const second = new Promise<void>((resolve) => {
          decide = ({ number }) => {
            if (number !== 5) return 'answered'; // the Get of the second sequence
            resolve();
            return held;
          };
        });
        const polling = folder.start(server.url, ...(watch ? ['--watch', '60'] : []));
        await second;
        polling.signal(signal);
        setTimeout(release, 100); // the signal has been taken by then
        const { code, stdout, stderr } = await polling.result;
        expect(code).to.equal(watch ? 0 : 1);
        if (watch) expect(stderr).to.equal('');
        else expect(stderr).to.match(/It was interrupted\. Run the same command again to go on with/);
        expect(stdout).to.match(/sequences +1\nfetched +5\n/);
        expect(server.calls.at(-1)!.operation).to.equal('CloseSequence');
        expect(queue.open).to.equal(undefined);
        expect((await folder.start(server.url).result).code).to.equal(0);
        expect(folder.read()).to.have.length(12);
      });
    }
  }

  it('ends soon when it is stopped between polls', async () => {
    const folder = pollFolder();
    const watching = folder.start(server.url, '--watch', '3600');
    while (queue.waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    watching.signal('SIGINT');
    expect((await watching.result).code).to.equal(0);
    expect(performance.now() - began).to.be.below(2_000);
  });

  it('is wrong usage without a file, without a queue, and with a time that is none', async () => {
    const queueOf = ['--organisation', '2:22', '--url', server.url];
    const wrong: readonly string[][] = [
      ['akasse', 'poll', ...queueOf],
      ['akasse', 'poll', '--out', 'x', '--url', server.url],
      ...['0', '-1', '1.5', 'x', '1e3', '99999999'].map((time) => [
        ...['akasse', 'poll', '--out', 'x', ...queueOf, '--watch', time],
      ]),
    ];
    const codes = await Promise.all(wrong.map(async (args) => (await pension(args)).code));
    expect(codes).to.deep.equal(wrong.map(() => 2));
    expect(server.calls).to.deep.equal([]);
  });

  it('shows a progress bar on a terminal', async function () {
    const run = promisify(execFile);
    await run('script', ['--version']).catch(() => this.skip()); // no terminal without util-linux
    const folder = pollFolder();
    const args = ['akasse', 'poll', '--out', folder.file, '--url', server.url, '--organisation', '2:22'];
    const line = [process.execPath, PENSION, ...args].map((word) => `'${word}'`).join(' ');
    const { stdout } = await run('script', ['-qec', line, '/dev/null']);
    expect(stdout).to.match(/12\/12 beskeder/);
  });
});
