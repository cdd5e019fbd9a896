// Whom a client command calls, and as whom; and what it says when the one or the other cannot be.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { type CliResult, pension, worldEnv } from '../support/cli.ts';
import { startFaultyServer } from '../support/faulty-server.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const MEDLEM11 = '2902610001';

/** Files by option. */
const options = (files: { cert: string; key: string; ca: string }): string[] => [
  '--cert',
  files.cert,
  '--key',
  files.key,
  '--ca',
  files.ca,
];

describe('a client command', () => {
  const dir = tempDir();
  let service: TestService;
  let plain: TestService;
  before(async () => {
    [service, plain] = await Promise.all([startTestService(), startTestService({ PENSION_TLS: 'off' })]);
    const env = { ...worldEnv(service.world), PENSION_STORE: service.store };
    await pension(['import', 'medlemskaber', path.join(service.world, 'medlemskaber.csv')], { env });
    mkdirSync(path.join(dir, 'no-world'));
    writeFileSync(path.join(dir, 'text.pem'), 'not PEM\n');
  });
  after(() => Promise.all([service.stop(), plain.stop()]));

  const get = (args: readonly string[], url = service.url): Promise<CliResult> =>
    pension(['call', 'get', '-', '--url', url, ...args], { stdin: MEDLEM11 });
  const inWorld = (...args: string[]): Promise<CliResult> => get(['--world', service.world, ...args]);
  const pem = (name: string): string => clientIdentity(service.world, name).cert;
  const key = (name: string): string => clientIdentity(service.world, name).key;

  it('calls as the system that --as names, UDK by default, an a-kasse by its number', async () => {
    const [udk, star, akasse, short, other] = await Promise.all([
      inWorld(),
      inWorld('--as', 'star'),
      inWorld('--as', 'akasse-11'),
      inWorld('--as', '11'),
      inWorld('--as', '22'),
    ]);
    for (const result of [udk, star, akasse, short]) expect(result).to.include({ code: 0, stderr: '' });
    expect(other.stderr).to.match(/refused with 4575/);
    expect(other.code).to.equal(1);
  });

  it('calls with files and an organisation of its own, without any demo world', async () => {
    const own = clientIdentity(service.world, 'akasse-11');
    const [right, wrong] = await Promise.all([
      get([...options(own), '--organisation', '2:11', '--world', path.join(dir, 'no-world')]),
      get([...options(own), '--organisation', '2:22']),
    ]);
    expect(right).to.include({ code: 0, stdout: 'no forløb\n', stderr: '' });
    expect(wrong.stderr).to.match(/refused with 1013/);
    expect(wrong.code).to.equal(1);
  });

  it('finds the demo world beside --cert', async () => {
    expect(await get(options(clientIdentity(service.world, 'udk')))).to.include({ code: 0, stderr: '' });
  });

  it('calls plain HTTP without certificates', async () => {
    expect(await get(['--world', service.world], plain.url)).to.include({ code: 0, stderr: '' });
    const own = ['--organisation', '50:12345678'];
    expect(await get(own, plain.url)).to.include({ code: 0, stderr: '' });
  });

  const explained = (result: CliResult, code: number, says: RegExp): void => {
    expect(result.stderr)
      .to.match(says)
      .and.not.match(/^\s+at /m)
      .and.not.contain(MEDLEM11);
    expect(result).to.include({ code, stdout: '' });
  };

  it('explains that there is no demo world, and how to get one', async () => {
    explained(
      await get([]),
      2,
      /--cert: .*udk\.pem cannot be read .*`make run` or `pension init DIR` makes one; name it with --world/,
    );
  });
  it('explains that the demo world has no such system', async () => {
    explained(await inWorld('--as', 'ingen'), 2, /ingen/);
    explained(await inWorld('--as', 'ukendt'), 2, /--as ukendt: .*give --organisation TYPE:CODE/);
  });
  it('explains that nothing listens there', async () => {
    const url = 'https://127.0.0.1:1';
    explained(await get(['--world', service.world], url), 1, /nothing listens at that address/);
  });
  it('explains that a service speaks HTTPS where it was called by HTTP, and the other way round', async () => {
    const [byHttp, byHttps] = await Promise.all([
      get(['--world', service.world], service.url.replace('https:', 'http:')),
      get(['--world', service.world], plain.url.replace('http:', 'https:')),
    ]);
    explained(byHttp, 1, /did not answer/);
    explained(byHttps, 1, /did not answer/);
  });
  it('takes no empty page for an answer: neither for no forløb nor for something saved', async () => {
    const page = { status: 200, headers: { 'Content-Type': 'text/xml' }, body: '' };
    const server = await startFaultyServer(service, () => page);
    const to = ['--url', server.url, '--world', service.world];
    const [read, saved] = await Promise.all([
      get(['--world', service.world], server.url),
      pension(['call', 'save', '-', ...to], { stdin: `{"personnummer":"${MEDLEM11}"}` }),
    ]);
    await server.stop();
    explained(read, 1, /the answer could not be read/);
    explained(saved, 1, /the answer could not be read/);
  });
  it('does not call a service that its authority does not vouch for', async () => {
    explained(await inWorld('--ca', pem('udk')), 1, /did not answer: .*certificate/);
  });
  it('names the option whose file is not PEM', async () => {
    const text = path.join(dir, 'text.pem');
    explained(await inWorld('--cert', text), 2, /--cert\b.*PEM/);
    explained(await inWorld('--key', text), 2, /--key\b.*PEM/);
    explained(await inWorld('--ca', text), 2, /--ca\b.*PEM/);
  });
  it('says that certificate and key do not belong together', async () => {
    explained(await inWorld('--cert', pem('star')), 2, /--cert and --key/);
  });
  it('is turned away with 1012 by an unmapped or a revoked certificate', async () => {
    const unmapped = ['--cert', pem('ukendt'), '--key', key('ukendt')];
    explained(await inWorld(...unmapped), 1, /refused with 1012 \(Logon failed\).*belongs to no system/);
    explained(await inWorld('--as', 'tilbagekaldt'), 1, /refused with 1012 .*revoked/);
  });
});
