// Measures imports of a register of a million lines, and how long a Save waits meanwhile in another process.
// `make test-import`, or `node test/longer/import.ts [LINES]`. Fails when a Save is refused or an import takes too long.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemPorts } from '../../src/domain/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { startPension, worldEnv } from '../support/cli.ts';
import { nyBorger } from '../support/domain-model.ts';
import { type RegisterFile, TWENTY_TWO_AKASSER, writeRegister } from '../support/register-file.ts';
import { demoWorld } from '../support/service.ts';
import { kompensation, saveCommand } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

/** Seconds that an import may take. */
const PATIENCE = 60;
/** Milliseconds between Saves. */
const PACE = 5;

const lines = Number(process.argv[2] ?? 1_000_000);
const dir = tempDir();
const env = worldEnv(await demoWorld());

/** The reference data of the demo world with all the a-kasser of the file in it. */
function knowAkasser(): void {
  const known = JSON.parse(readFileSync(env.PENSION_ORGANISATIONER!, 'utf8'));
  const codes = new Set(known.akasser.map(({ code }: { code: string }) => code));
  const others = TWENTY_TWO_AKASSER.filter((code) => !codes.has(code));
  known.akasser.push(...others.map((code) => ({ code, name: `A-kasse ${code}` })));
  env.PENSION_ORGANISATIONER = path.join(dir, 'organisationer.json');
  writeFileSync(env.PENSION_ORGANISATIONER, JSON.stringify(known));
}

/** Runs one import with Saves beside it, and prints what it took. */
async function measure(title: string, content: RegisterFile, ...options: string[]): Promise<void> {
  const file = path.join(dir, 'medlemskaber.csv');
  writeRegister(file, content);
  const store = await openStore(env.PENSION_STORE!, systemPorts);
  const begun = performance.now();
  const run = startPension(['import', 'medlemskaber', file, ...options], { env });
  let [isRunning, memory] = [true, '?'];
  void run.result.finally(() => {
    isRunning = false;
  });
  const waits = await saveWhile(store, () => {
    memory = peakMemory(run.pid) ?? memory;
    return isRunning;
  });
  const { code, stdout, stderr } = await run.result;
  const seconds = (performance.now() - begun) / 1000;
  await store.close();
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(0)} ms`;
  process.stdout.write(
    `${title}: ${seconds.toFixed(1)} s, ${memory} MB; ` +
      `${waits.length} Saves meanwhile: half within ${at(0.5)}, 99 in 100 within ${at(0.99)}, longest ${at(1)}\n` +
      `  exit ${code}: ${stdout.trim() || stderr.trimEnd().split('\n').at(-1)}\n`,
  );
  if (seconds > PATIENCE) throw new Error(`it took more than ${PATIENCE} s`);
}

/** The most memory that a process has had, in MB, while it runs; where the system tells it (Linux). */
function peakMemory(pid: number): string | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes && String(Math.round(Number(kilobytes) / 1024));
  } catch {
    return undefined;
  }
}

/** Saves again and again, and gives how long each took, in milliseconds. Each must be accepted. */
async function saveWhile(store: Store, goesOn: () => boolean): Promise<number[]> {
  const waits: number[] = [];
  while (goesOn()) {
    const begun = performance.now();
    const saved = await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
    if (!saved.ok) throw new Error(`a Save was refused with ${saved.fejl.kode}`);
    waits.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
  return waits;
}

knowAkasser();
process.stdout.write(`${lines} lines, store ${env.PENSION_STORE}\n`);
await measure('first load', { lines });
await measure('the same again', { lines });
await measure('one in a hundred changed', { lines, changedOneIn: 100 });
await measure('the whole, half as long', { lines: Math.floor(lines / 2) }, '--whole');
await measure('every line bad', { lines, badOneIn: 1 }, '--errors', path.join(dir, 'errors.csv'));
