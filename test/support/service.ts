// A whole service for a test: a demo world, a store of its own, real TLS on a free port, in this process.

import path from 'node:path';
import { startService } from '../../src/cli/service.ts';
import { readSettings, type Settings } from '../../src/cli/settings.ts';
import { clientIdentity, makeWorld } from '../../src/cli/world/world.ts';
import { maskPersonnumre } from '../../src/contract/mask.ts';
import type { Log } from '../../src/soap/log.ts';
import { newStore } from './new-store.ts';
import { search } from './privacy.ts';
import { tempDir } from './temp.ts';

/** A running service and where its files are. */
export interface TestService {
  readonly url: string;
  /** The demo world whose certificates it trusts. */
  readonly world: string;
  /** The address of its store. */
  readonly store: string;
  /** Every line it has logged. */
  readonly logLines: string[];
  /** As SIGHUP does. */
  reload(): void;
  stop(): Promise<void>;
}

let sharedWorld: Promise<string> | undefined;

/** One demo world for all tests of the process; nothing in it is changed by serving it. */
export function demoWorld(): Promise<string> {
  sharedWorld ??= (async () => {
    const dir = path.join(tempDir(), 'world');
    await makeWorld(dir, { now: new Date() });
    return dir;
  })();
  return sharedWorld;
}

/** Starts a service on an empty store, or on the one named in `env`. `env` overrides settings of the world. */
export async function startTestService(env: Readonly<Record<string, string>> = {}): Promise<TestService> {
  const world = await demoWorld();
  const store = env.PENSION_STORE ?? (await newStore());
  const logLines: string[] = [];
  const settings = await testSettings(world, { PENSION_STORE: store, ...env });
  const running = await startService(settings, collectingLog(logLines));
  const stop = async (): Promise<void> => {
    await running.stop();
    assertNoPersonnummer(logLines);
  };
  return { url: running.url, world, store, logLines, reload: () => running.reload(), stop };
}

/** Every test that runs a service also proves that nothing in its log could be a personnummer. */
function assertNoPersonnummer(lines: readonly string[]): void {
  const telling = lines.filter((line) => maskPersonnumre(line) !== line);
  if (telling.length > 0) throw new Error(`a log line holds what could be a personnummer: ${telling[0]}`);
}

async function testSettings(world: string, env: Readonly<Record<string, string>>): Promise<Settings> {
  const { cert, key, ca } = clientIdentity(world, 'server');
  return readSettings({
    PENSION_PORT: '0',
    PENSION_TLS_CERT: cert,
    PENSION_TLS_KEY: key,
    PENSION_TLS_CA: ca,
    PENSION_TLS_CRL: path.join(world, 'crl.pem'),
    PENSION_ORGANISATIONER: path.join(world, 'organisationer.json'),
    ...env,
  });
}

function collectingLog(lines: string[]): Log {
  const collect =
    (level: string) =>
    (text: string, fields?: Readonly<Record<string, unknown>>): void => {
      const line = JSON.stringify({ level, message: text, ...fields });
      search('log', line);
      lines.push(line);
    };
  return { error: collect('error'), warn: collect('warn'), info: collect('info'), debug: collect('debug') };
}
