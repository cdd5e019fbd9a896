// `udk send` through a bad network and to a service in trouble: a lost answer never makes a second forløb, what may
// succeed later is tried again, and what cannot stops the batch so that it can be gone on with.

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { CliResult } from '../../support/cli.ts';
import {
  type Fate,
  type FaultyServer,
  faultAnswer,
  type SeenRequest,
  startFaultyServer,
} from '../../support/faulty-server.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  type BatchFolder,
  batch,
  batchFolder,
  borger,
  forloebOf,
  newForloeb,
  newForloebBatch,
} from './batches.ts';

const BUSY = {
  status: 503,
  headers: { 'Retry-After': '1' },
  body: 'The service is busy. Try again shortly.\n',
};
const HTML = {
  status: 502,
  headers: { 'Content-Type': 'text/html' },
  body: '<html>\r\n<body>\n"Bad" gateway</body>\n',
};

/** A batch on its way through a server with that fate for each request. */
interface Journey {
  readonly folder: BatchFolder;
  readonly server: FaultyServer;
  readonly result: Promise<CliResult>;
}

describe('udk send through faults', () => {
  let service: TestService;
  const servers: FaultyServer[] = [];

  async function journey(
    content: string,
    decide: (request: SeenRequest) => Fate | Promise<Fate>,
    ...options: string[]
  ): Promise<Journey> {
    const server = await startFaultyServer(service, decide);
    servers.push(server);
    const folder = batchFolder(service.world, content);
    const { result } = folder.start(server.url, '--json', ...options);
    return { folder, server, result };
  }
  const outcomes = ({ folder }: Journey): string[] =>
    folder.read().map(({ reference, outcome }) => `${reference} ${outcome}`);

  // These are tried again until patience ends, some seconds each: they begin first, side by side.
  let away: Promise<CliResult>;
  let internal: Journey;
  let gateway: Journey;
  let nonsense: Journey;
  const lines = (from: number): string =>
    batch(newForloeb(from), `second,${borger(from)},,2026-03-01,2026-01-01,,`, newForloeb(from + 1));
  before(async () => {
    service = await startTestService();
    away = batchFolder(service.world, newForloebBatch(3)).start('https://127.0.0.1:1', '--json').result;
    internal = await journey(lines(600), ({ personnummer }) =>
      personnummer === borger(600) ? faultAnswer(1011, 'The call could not be carried out.') : 'answered',
    );
    gateway = await journey(lines(700), () => HTML, '--connections', '1');
    const headers = { 'Content-Type': 'text/xml; charset=utf-8' };
    const body = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>';
    nonsense = await journey(newForloebBatch(1), () => ({ status: 200, headers, body }));
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await service.stop();
  });

  const passing: Readonly<Record<string, Fate>> = {
    'an answer that is lost': 'answer lost',
    'an answer that is cut off': 'answer cut',
    'a request that is lost': 'request lost',
    'an internal error': faultAnswer(1011, 'The call could not be carried out.'),
  };
  for (const [at, [what, fate]] of Object.entries(passing).entries()) {
    it(`tries again after ${what}, under the same identifier: one forløb for each line`, async () => {
      const numbers = Array.from({ length: 24 }, (_, n) => 1000 + at * 100 + n);
      const seen = new Set<string>();
      const bad = ({ number, personnummer }: SeenRequest): boolean => {
        const first = !seen.has(personnummer);
        seen.add(personnummer);
        return first && number % 3 === 0;
      };
      const trip = await journey(batch(...numbers.map(newForloeb)), (seen) =>
        bad(seen) ? fate : 'answered',
      );
      const { code, stdout, stderr } = await trip.result;
      expect(JSON.parse(stdout)).to.include({ saved: 24, failed: 0 });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(trip.server.requests.length).to.be.above(24);
      const receipts = trip.folder.read().map((receipt) => [receipt.tidligPensionIdentifier]);
      expect(await forloebOf(service, numbers.map(borger))).to.deep.equal(receipts);
    });
  }

  it('waits as long as a busy service asks', async () => {
    const came: number[] = [];
    const trip = await journey(batch(newForloeb(500)), ({ number }) => {
      came.push(performance.now());
      return number === 1 ? BUSY : 'answered';
    });
    expect((await trip.result).code).to.equal(0);
    expect(came[1]! - came[0]!).to.be.within(990, 3_000);
  });

  it('ends soon when it is interrupted while it waits', async () => {
    const folder = batchFolder(service.world, batch(newForloeb(501), newForloeb(502)));
    let busy = (): void => undefined;
    const seen = new Promise<void>((resolve) => {
      busy = resolve;
    });
    const server = await startFaultyServer(service, () => {
      busy();
      return { ...BUSY, headers: { 'Retry-After': '3600' } };
    });
    servers.push(server);
    const sending = folder.start(server.url, '--connections', '1');
    await seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    sending.signal('SIGINT');
    const { code, stderr } = await sending.result;
    expect(performance.now() - began).to.be.below(2_000);
    expect(stderr).to.match(/Run the same command again to go on/);
    expect(code).to.equal(1);
    expect(server.requests).to.have.length(1);
  });

  it('stops at once where no such service is', async () => {
    const trip = await journey(newForloebBatch(20), () => ({
      status: 404,
      body: 'There is no service at this path.\n',
    }));
    const { code, stdout, stderr } = await trip.result;
    expect(stderr).to.match(
      /The batch was stopped: the service answers HTTP 404: There is no service at this path/,
    );
    expect(JSON.parse(stdout)).to.include({ saved: 0, refused: 0 });
    expect(code).to.equal(1);
    expect(trip.server.requests.length).to.be.at.most(8);
  });

  it('stops when the service stays away, and says so', async () => {
    const { code, stdout, stderr } = await away;
    expect(stderr).to.match(
      /The batch was stopped: the service does not answer: nothing listens at that address/,
    );
    expect(stderr).to.match(/Run the same command again to go on/);
    expect(JSON.parse(stdout)).to.include({ saved: 0, refused: 0 });
    expect(code).to.equal(1);
  });

  it('goes on with the others when one line fails for good, and leaves what builds on it for the next run', async () => {
    const { code, stdout, stderr } = await internal.result;
    expect(JSON.parse(stdout)).to.include({ saved: 1, failed: 2, notSent: 0 });
    expect(JSON.parse(stdout).errorCodes).to.deep.equal({ 1011: 1 });
    expect(stderr).to.match(/0 refused and 2 failed; the reasons are in/);
    expect(code).to.equal(1);
    expect(outcomes(internal)).to.deep.equal(['ref-600 failed', 'second failed', 'ref-601 saved']);
    const next = await internal.folder.start(service.url, '--json').result;
    expect(JSON.parse(next.stdout)).to.include({ saved: 2, refused: 1, earlier: 1 }); // they overlap
    expect(outcomes(internal)).to.deep.equal(['ref-600 saved', 'second refused', 'ref-601 saved']);
  });

  it('stops at a gateway that has no service behind it, and keeps each receipt on one line', async () => {
    const { code, stderr } = await gateway.result;
    expect(stderr).to.match(/The batch was stopped: the service answers HTTP 502/);
    expect(code).to.equal(1);
    const text = readFileSync(gateway.folder.receipts, 'utf8');
    expect(text.trimEnd().split(/\r?\n|\r/)).to.have.length(1 + 3);
  });

  it('takes an answer that says nothing for no answer', async () => {
    const { code, stdout, stderr } = await nonsense.result;
    expect(stderr)
      .to.match(/The batch was stopped: /)
      .and.not.match(/^\s+at /m);
    expect(JSON.parse(stdout)).to.include({ saved: 0, refused: 0, failed: 1 });
    expect(code).to.equal(1);
  });
});
