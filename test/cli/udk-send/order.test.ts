// What belongs together is sent in the order of the file; everything else goes side by side.

import { expect } from 'chai';
import fc from 'fast-check';
import type { BatchLine } from '../../../src/cli/udk-send/batch.ts';
import { independentGroups } from '../../../src/cli/udk-send/order.ts';
import {
  type Fate,
  type FaultyServer,
  type SeenRequest,
  startFaultyServer,
} from '../../support/faulty-server.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { batch, batchFolder, borger } from './batches.ts';

const guid = (number: number): string => `5f1d0c30-0001-4000-8000-${String(number).padStart(12, '0')}`;

const line = (number: number, person: number, forloeb: number | undefined): BatchLine => ({
  line: number,
  reference: `r${number}`,
  request: {
    Personnummer: borger(person),
    ...(forloeb !== undefined && { TidligPensionIdentifier: guid(forloeb) }),
  },
});

/** Small numbers of citizens and forløb, so that lines have much to do with each other. */
const anyLines = fc
  .array(fc.tuple(fc.nat(6), fc.option(fc.nat(5), { nil: undefined })), { maxLength: 40 })
  .map((pairs) => pairs.map(([person, forloeb], at) => line(at + 2, person, forloeb)));

const areTied = (a: BatchLine, b: BatchLine): boolean =>
  a.request.Personnummer === b.request.Personnummer ||
  (a.request.TidligPensionIdentifier !== undefined &&
    a.request.TidligPensionIdentifier === b.request.TidligPensionIdentifier);

/** The same grouping by the plainest means: put together what is tied until nothing is. */
function plainGroups(lines: readonly BatchLine[]): BatchLine[][] {
  const groups = lines.map((one) => [one]);
  for (;;) {
    const pair = groups.flatMap((a, at) =>
      groups.slice(at + 1).flatMap((b) => (a.some((x) => b.some((y) => areTied(x, y))) ? [[a, b]] : [])),
    )[0];
    if (pair === undefined) break;
    pair[0]!.push(...pair[1]!);
    groups.splice(groups.indexOf(pair[1]!), 1);
  }
  for (const group of groups) group.sort((a, b) => a.line - b.line);
  return groups.sort((a, b) => a[0]!.line - b[0]!.line);
}

describe('the order of a batch', () => {
  it('ties together exactly the lines that share a citizen or a forløb, directly or through others', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        expect(independentGroups(lines)).to.deep.equal(plainGroups(lines));
      }),
      { numRuns: 300 },
    );
  });

  it('ties two citizens from the line on that has both, and those before it too', () => {
    const lines = [line(2, 1, 1), line(3, 2, 2), line(4, 1, 2), line(5, 3, undefined)];
    const groups = independentGroups(lines).map((group) => group.map((one) => one.line));
    expect(groups).to.deep.equal([[2, 3, 4], [5]]);
  });

  it('is found in a moment for a complete re-report', () => {
    const lines = Array.from({ length: 60_000 }, (_, at) => line(at + 2, at % 9_000, at % 20_000));
    const began = performance.now();
    independentGroups(lines);
    expect(performance.now() - began).to.be.below(2_000);
  });

  describe('as the service sees it', () => {
    let service: TestService;
    let server: FaultyServer;
    before(async () => {
      service = await startTestService();
    });
    after(() => service.stop());
    afterEach(() => server.stop());

    const day = (of: number): string => `2026-01-${String(of + 1).padStart(2, '0')}`;
    const dayOf = ({ body }: SeenRequest): string => /Overgangsdato>([^<]+)</.exec(body)![1]!;

    it('is that of the file for one citizen and for one forløb, over many connections', async () => {
      const lines = Array.from({ length: 80 }, (_, at) => {
        const [who, step] = [at % 8, Math.floor(at / 8)];
        return `r${at},${borger(who)},${guid(who)},${day(step)},2025-11-20,,`;
      });
      const jitter = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      server = await startFaultyServer(service, async ({ number }) => {
        await jitter();
        return number % 11 === 0 ? 'request lost' : 'answered';
      });
      const folder = batchFolder(service.world, batch(...lines));
      const { code, stderr } = await folder.start(server.url, '--connections', '32').result;
      expect(code, stderr).to.equal(0);
      for (let who = 0; who < 8; who += 1) {
        const days = server.requests.filter((seen) => seen.personnummer === borger(who)).map(dayOf);
        const once = days.filter((seen, at) => seen !== days[at - 1]); // a lost request comes twice
        expect(once).to.deep.equal(Array.from({ length: 10 }, (_, step) => day(step)));
      }
      expect(folder.read().map(({ reference }) => reference)).to.deep.equal(lines.map((_, at) => `r${at}`));
    });

    it('leaves as many calls under way as there are connections, and no more', async () => {
      const lines = Array.from(
        { length: 12 },
        (_, at) => `r${at},${borger(100 + at)},,2026-01-01,2025-11-20,,`,
      );
      let letThrough = (): void => undefined;
      const four = new Promise<void>((resolve) => {
        letThrough = resolve;
      });
      server = await startFaultyServer(service, async ({ underWay }): Promise<Fate> => {
        if (underWay === 4) setTimeout(letThrough, 50); // a fifth would have come by then
        await four;
        return 'answered';
      });
      const folder = batchFolder(service.world, batch(...lines));
      expect((await folder.start(server.url, '--connections', '4').result).code).to.equal(0);
      expect(Math.max(...server.requests.map(({ underWay }) => underWay))).to.equal(4);
    });
  });
});
