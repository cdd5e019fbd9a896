// nginx sends a call once: where a process took it and said nothing, the client is told so (502, 504), and where nobody
// listens, the next process gets it.

import { expect } from 'chai';
import { resolveTarget } from '../../src/cli/client/target.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { getEnvelope } from '../support/envelopes.ts';
import { leaveOut } from '../support/left-out.ts';
import { demoWorld } from '../support/service.ts';
import { ask, POST } from './load.ts';
import { freePort, Nginx, nginxHere } from './nginx.ts';
import { type Manner, SilentUpstream } from './upstream.ts';

const BORGER = '2902610001';
/** So that a test need not wait for the thirty seconds. */
const SOON = ['proxy_read_timeout 30s;', 'proxy_read_timeout 1s;'] as const;

describe('a call through nginx', function () {
  this.timeout(30_000);
  before(function () {
    if (nginxHere === undefined) leaveOut(this, 'R1', 'there is no nginx; `make test-deploy` fetches it');
  });

  /** Makes requests, and counts what of them has come to three processes of which the first so many listen. */
  async function sent(manner: Manner, listening: number, method: 'POST' | 'GET', requests: number) {
    const world = await demoWorld();
    const upstreams = await Promise.all(
      Array.from({ length: listening }, () => SilentUpstream.start(manner)),
    );
    const ports = upstreams.map(({ port }) => port);
    while (ports.length < 3) ports.push(await freePort());
    const nginx = await Nginx.start(world, ports, [SOON]);
    try {
      const { url, tls } = resolveTarget({ url: nginx.url, as: 'udk', world });
      const statuses: number[] = [];
      for (let nr = 0; nr < requests; nr += 1) {
        const options = method === 'POST' ? POST : { method };
        const body = method === 'POST' ? getEnvelope(BORGER) : '';
        const { status } = await ask(
          `${url}${PENSION_SERVICE.path}?wsdl&${BORGER}`,
          { ...options, ...tls, agent: false },
          body,
        );
        statuses.push(status);
      }
      for (const log of ['access.log', 'pension-error.log'] as const)
        expect(nginx.log(log).includes(BORGER), `what a client wrote into its address is in ${log}`).to.equal(
          false,
        );
      const received = upstreams.reduce((sum, upstream) => sum + upstream.received[method], 0);
      return { statuses: [...new Set(statuses)], received };
    } finally {
      await nginx.stop();
      for (const upstream of upstreams) upstream.stop();
    }
  }

  for (const [manner, status] of [
    ['closes', 502],
    ['resets', 502],
    ['hangs', 504],
  ] as const)
    it(`is sent once to a process that ${manner} without an answer, and answered ${status}`, async () => {
      const requests = manner === 'hangs' ? 1 : 6;
      expect(await sent(manner, 3, 'POST', requests)).to.deep.equal({
        statuses: [status],
        received: requests,
      });
    });

  it('comes to the one process that listens, each of many', async () => {
    expect(await sent('closes', 1, 'POST', 6)).to.deep.equal({ statuses: [502], received: 6 });
  });

  it('for a WSDL, which changes nothing, is asked of all three', async () => {
    expect(await sent('closes', 3, 'GET', 1)).to.deep.equal({ statuses: [502], received: 3 });
  });

  it('is answered 502 when none listens', async () => {
    expect(await sent('closes', 0, 'POST', 2)).to.deep.equal({ statuses: [502], received: 0 });
  });
});
