// An experiment: a service under everything that happens to it, for a long time. What it takes of memory and of open
// files must be the same at the end as at the beginning. Run it with `make soak`; SOAK_MINUTES says how long (30).

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { pollBeskeder } from '../../src/cli/akasse-poll/poll.ts';
import { makeWsrmClient } from '../../src/cli/client/wsrm-client.ts';
import { clientIdentity, makeWorld } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startServe, worldEnv } from '../support/cli.ts';
import { makeClients } from '../support/closed-loop.ts';
import { getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { MEMBERS, member } from '../support/queue.ts';
import { seeded } from '../support/seeded.ts';
import { importMedlemskaber, kompensation, medlemskabLinje } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const SAMPLE = 5_000;
/** The part of the time after which things must be as they stay. */
const WARM_UP = 0.2;
/** How much more memory (in all and in bytes) and how many more files the second half may have than the first. */
const MORE = { part: 1.08, bytes: 8 * 1024 * 1024, files: 8 };
const AKASSER = ['11', '22'];

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const chance = seeded(Number(process.env.SOAK_SEED ?? 1));

const world = path.join(tempDir(), 'world');
await makeWorld(world, { now: new Date() });
const store = `sqlite:${path.join(tempDir(), 'pension.db')}`;
await register(store);
const service = await startServe({
  ...worldEnv(world),
  PENSION_STORE: store,
  PENSION_LOG_LEVEL: 'error',
});
const identity = (name: string) => clientIdentity(world, name);
let isOn = true;
const failures: string[] = [];

const udk = makeClients(service.url, identity('udk'), {
  count: 4,
  pause: 40,
  body: () =>
    saveEnvelope({
      Personnummer: member(AKASSER[chance.below(2)]!, chance.below(MEMBERS)),
      TidligPensionIdentifier: `5f1d0c30-0004-4000-8000-${String(chance.below(20_000)).padStart(12, '0')}`,
      ...kompensation(`2026-01-${String(1 + chance.below(28)).padStart(2, '0')}`),
    }),
});
const star = makeClients(service.url, identity('star'), {
  count: 4,
  pause: 40,
  body: () =>
    getEnvelope(member(AKASSER[chance.below(2)]!, chance.below(MEMBERS)), { type: 51, code: '87654321' }),
});
const invalid = new URL('../../fixtures/invalid/', import.meta.url);
const malformed = readdirSync(invalid, { withFileTypes: true })
  .filter((entry: Dirent) => entry.name.endsWith('.xml'))
  .map(({ name }) => readFileSync(new URL(name, invalid)).toString('latin1'));
const rude = makeClients(service.url, identity('udk'), {
  count: 2,
  pause: 100,
  body: () => malformed[chance.below(malformed.length)]!,
});
const loops = [udk, star, rude].map((clients) => clients.start());

/** Does it again and again, with that many milliseconds between. */
const again = async (pause: number, work: () => Promise<unknown>): Promise<void> => {
  while (isOn) {
    await work().catch((error: unknown) => failures.push(String(error)));
    await sleep(pause);
  }
};
const polling = AKASSER.map(async (code) => {
  const { cert, key, ca } = identity(`akasse-${code}`);
  const read = (file: string): string => readFileSync(file, 'utf8');
  const client = await makeWsrmClient(
    {
      url: service.url,
      organisation: { OrganisationTypeIdentifier: 2, OrganisationCode: code },
      tls: { cert: read(cert), key: read(key), ca: read(ca) },
    },
    'soak',
  );
  await again(2_000, async () => {
    const { ending } = await pollBeskeder({ client, keep: async () => undefined });
    if (ending.kind !== 'emptied') failures.push(JSON.stringify(ending));
  });
  client.disconnect();
});
const ca = readFileSync(identity('udk').ca);
/** A new connection each time: without a certificate, with one that is revoked, or one that goes away in the middle. */
const strangers = again(20, () => {
  const name = [undefined, 'tilbagekaldt', 'ukendt', 'udk'][chance.below(4)];
  const own = name && { cert: readFileSync(identity(name).cert), key: readFileSync(identity(name).key) };
  const { hostname: host, port } = new URL(service.url);
  return new Promise<void>((resolve) => {
    const socket = tls.connect({ host, port: Number(port), ca, ...own }, () => {
      const isWhole = chance.chance(0.6);
      const body = getEnvelope('2902610009');
      socket.write(
        `POST ${PENSION_SERVICE.path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nConnection: close\r\n` +
          `Content-Length: ${body.length + (isWhole ? 0 : 100)}\r\n\r\n${body}`,
      );
      if (!isWhole) setTimeout(() => socket.destroy(), chance.below(300));
    });
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.resume();
  });
});
const documents = again(1_000, async () => {
  const agent = new https.Agent({ ca });
  await new Promise<void>((resolve, reject) => {
    https
      .get(`${service.url}${PENSION_SERVICE.path}?singleWsdl`, { agent }, (answer) =>
        answer.resume().on('end', () => resolve()),
      )
      .on('error', reject);
  });
  agent.destroy();
});
const reloads = again(20_000, async () => service.signal('SIGHUP'));

interface Sample {
  readonly rss: number;
  readonly files: number;
}
const samples: Sample[] = [];
const until = Date.now() + MINUTES * 60_000;
while (Date.now() < until) {
  await sleep(SAMPLE);
  const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  samples.push({
    rss: Number(/VmRSS:\s+([0-9]+)/.exec(status)![1]) * 1024,
    files: readdirSync(`/proc/${service.pid}/fd`).length,
  });
  if (samples.length % 12 === 0) say(describe(samples.slice(-12), `minute ${samples.length / 12}`));
}
isOn = false;
const done = await Promise.all(loops.map((loop) => loop.stop()));
await Promise.all([...polling, strangers, documents, reloads]);
service.signal('SIGTERM');
const ended = await service.result;

const steady = samples.slice(Math.floor(samples.length * WARM_UP));
const half = Math.floor(steady.length / 2);
const [first, second] = [steady.slice(0, half), steady.slice(-half)];
const calls = done.flatMap(({ byStatus }) => Object.entries(byStatus));
say(describe(first, 'first half'));
say(describe(second, 'second half'));
say(`calls: ${calls.map(([status, { count }]) => `${count} × ${status}`).join(', ')}`);
const problems = [
  ...(medianOf(second, 'rss') > medianOf(first, 'rss') * MORE.part + MORE.bytes ? ['memory grows'] : []),
  ...(medianOf(second, 'files') > medianOf(first, 'files') + MORE.files ? ['files stay open'] : []),
  ...(calls.some(([status]) => !['200', '500'].includes(status))
    ? ['a call was not answered as it should']
    : []),
  ...(ended.code === 0 ? [] : [`the service ended with ${ended.code}: ${ended.stderr.slice(-500)}`]),
  ...failures.slice(0, 3),
];
for (const problem of problems) say(`FAILED: ${problem}`);
if (problems.length === 0)
  say(
    `      soak: ${MINUTES} minutes, ${calls.reduce((sum, [, { count }]) => sum + count, 0)} calls; ${describe(first, 'first half')}; ${describe(second, 'second half')}`,
  );
process.exit(problems.length === 0 ? 0 : 1);

function medianOf(of: readonly Sample[], what: keyof Sample): number {
  const sorted = of.map((sample) => sample[what]).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function describe(of: readonly Sample[], when: string): string {
  return `${when}: ${(medianOf(of, 'rss') / 1024 / 1024).toFixed(1)} MB, ${medianOf(of, 'files')} files`;
}

async function register(address: string): Promise<void> {
  const store = await openStore(address, systemPorts);
  const linjer = AKASSER.flatMap((akasse, block) =>
    Array.from({ length: MEMBERS }, (_, nr) =>
      medlemskabLinje(2 + block * MEMBERS + nr, member(akasse, nr), akasse, '2010-01-01'),
    ),
  );
  await importMedlemskaber(store, { linjer });
  await store.close();
}
