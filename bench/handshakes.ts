// `make bench-handshakes`: what TLS handshakes with client certificates cost the service, full and resumed, for each
// kind of key that its certificate and those of its clients may have. `pension init` makes the kind that this speaks for.

import path from 'node:path';
import { Peers } from './compare.ts';
import { type ClientFiles, KIND_NAMES, KINDS, type Kind, makeWorldOf } from './handshakes/certificates.ts';
import type { HandshakeJob, How, TlsVersion } from './handshakes/load.ts';
import { startGenerator } from './load/start.ts';
import type { Measured } from './load/window.ts';
import { machineInWords } from './machine.ts';
import { numberOption } from './options.ts';
import { type Peer, startService } from './peers/peer.ts';
import { inRounds, medianOf } from './rounds.ts';
import { digits, print, printHeading, printTable, say } from './table.ts';
import { makeWorkplace } from './workplace.ts';

const ROUNDS = numberOption('ROUNDS', 3);
const SECONDS = numberOption('SECONDS', 3);
const AT_ONCE = numberOption('CONNECTIONS', 8);
const WARM_UP = 700;

/** The certificates of a service that runs. */
interface World {
  readonly service: Kind;
  readonly client: Kind;
  readonly files: ClientFiles;
  readonly peer: Peer;
}

interface HandshakeCase {
  readonly world: World;
  readonly version: TlsVersion;
  readonly how: How;
}

const WAYS: readonly Omit<HandshakeCase, 'world'>[] = [
  { version: 'TLSv1.3', how: 'full' },
  { version: 'TLSv1.3', how: 'resumed' },
  { version: 'TLSv1.2', how: 'full' },
  { version: 'TLSv1.2', how: 'resumed' },
];

const folder = makeWorkplace();
const generator = startGenerator<HandshakeJob, Measured>('../handshakes/load.ts');

async function startWorld(service: Kind, client: Kind, peers: Peers): Promise<World> {
  const world = path.join(folder, `${service}-${client}`);
  const files = await makeWorldOf(world, service, client);
  const store = `sqlite:${path.join(world, 'pension.db')}`;
  return { service, client, files, peer: await peers.add(startService(store, { world, tls: true })) };
}

const measure = ({ world, version, how }: HandshakeCase, milliseconds: number): Promise<Measured> =>
  generator.run({
    port: world.peer.port,
    files: world.files,
    version,
    how,
    atOnce: AT_ONCE,
    milliseconds,
    warmUp: WARM_UP,
    watched: { service: [world.peer.pid] },
  });

const perSecond = ({ answered, milliseconds }: Measured): number => (answered / milliseconds) * 1_000;
const cpu = ({ cpu: seconds, answered }: Measured): number => (seconds / answered) * 1_000;
const wayInWords = ({ version, how }: Omit<HandshakeCase, 'world'>): string =>
  how === 'kept' ? 'no handshake, the connection is kept' : `${version.replace('v', ' ')}, ${how}`;

async function run(): Promise<void> {
  await using peers = new Peers();
  const worlds: World[] = [];
  for (const service of Object.keys(KINDS) as Kind[])
    for (const client of Object.keys(KINDS) as Kind[]) worlds.push(await startWorld(service, client, peers));
  const handshakes = WAYS.flatMap((way) => worlds.map((world): HandshakeCase => ({ world, ...way })));
  const cases = [...handshakes, { world: worlds[0]!, version: 'TLSv1.3', how: 'kept' } as const];
  say('warming up ...');
  for (const each of cases) await measure(each, WARM_UP);
  const measured = await inRounds(
    ROUNDS,
    cases,
    (each) => `${wayInWords(each)}, service ${each.world.service}, client ${each.world.client}`,
    (each) => measure(each, SECONDS * 1_000),
    (of) => `${digits(perSecond(of))} a second, CPU ${digits(cpu(of), 2)} s for 1 000`,
  );
  const method = `${AT_ONCE} connections at a time, ${ROUNDS} interleaved rounds of ${SECONDS} s, medians`;
  printHeading('make bench-handshakes', machineInWords(), method);
  printTable(
    [
      '<handshake',
      '<certificate of the service',
      '<of the client',
      'connections a second',
      'CPU of the service for 1 000, s',
      'p99, ms',
    ],
    cases.map((each) => {
      const of = measured.get(each)!;
      return [
        wayInWords(each),
        KIND_NAMES[each.world.service],
        KIND_NAMES[each.world.client],
        digits(medianOf(of.map(perSecond))),
        digits(medianOf(of.map(cpu)), 3),
        digits(medianOf(of.map(({ p99 }) => p99)), 1),
      ];
    }),
  );
  print('Each connection has one GET of /health; the line without a handshake is what that is of the CPU.');
}

try {
  await run();
} catch (error) {
  say(`bench-handshakes: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await generator.stop();
}
