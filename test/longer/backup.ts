// An experiment: `pension backup` of a large store while Saves go on. What Saves take meanwhile beside quiet times, in
// turn; that every Save answered before is in each backup; and what the backups and a restore take. Run it with
// `make test-backup`; it takes some minutes, and fails when a Save is missing or a check finds something.

import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeWorld } from '../../src/cli/world/world.ts';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { openAudit, openStore } from '../../src/store/open-store.ts';
import { openConnection, openReadOnly } from '../../src/store/sqlite/connection.ts';
import { save } from '../../src/store/sqlite/save.ts';
import { prepareStatements } from '../../src/store/sqlite/statements.ts';
import { pension, startServe, worldEnv } from '../support/cli.ts';
import { Savers } from '../support/saves.ts';
import { kald, overgang, saveCommand } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const BORGERE = Number(process.argv[2] ?? 100_000);
const ROUNDS = 3;
const CLIENTS = 4;
const BATCH = 500;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Synthetic, each with a day that never was. */
const member = (nr: number): Personnummer =>
  `29${String(2 + Math.floor(nr / 1_000_000)).padStart(2, '0')}${String(nr % 1_000_000).padStart(6, '0')}` as Personnummer;

async function fill(file: string): Promise<void> {
  await (await openStore(`sqlite:${file}`, systemPorts)).close();
  const db = openConnection(file);
  const statements = prepareStatements(db, systemPorts);
  for (let done = 0; done < BORGERE; done += BATCH) {
    db.transaction(() => {
      for (let nr = done; nr < Math.min(done + BATCH, BORGERE); nr += 1) {
        const message = { Personnummer: member(nr), ...overgang('2026-01-01', '2026-06-30') };
        const command = saveCommand(message, { kald: kald({ operation: 'SaveTidligPension' }) });
        save(statements, command, systemPorts.now());
        if (nr % 2 === 1) continue;
        const again = { ...message, TidligPensionIdentifier: command.nytId };
        save(statements, saveCommand(again, { kald: kald() }), systemPorts.now());
      }
    })();
  }
  db.close();
  await (await openStore(`sqlite:${file}`, systemPorts)).close(); // seals
}

const percentile = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))]!;
const spread = (times: readonly number[]): string =>
  `${times.length} Saves, p50 ${percentile(times, 0.5).toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms, longest ${Math.max(...times).toFixed(0)} ms`;

async function ran(what: string, ...args: string[]): Promise<{ seconds: number; stdout: string }> {
  const began = performance.now();
  const { code, stdout, stderr } = await pension(args, { env });
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${stdout}${stderr}`);
  return { seconds: (performance.now() - began) / 1_000, stdout };
}

const dir = tempDir();
const world = path.join(dir, 'world');
await makeWorld(world, { now: new Date() });
const file = path.join(dir, 'pension.db');
const env = {
  ...worldEnv(world),
  PENSION_TLS: 'off',
  PENSION_LOG_LEVEL: 'warn',
  PENSION_STORE: `sqlite:${file}`,
};
say(`making a store of ${BORGERE} citizens`);
await fill(file);
const serve = await startServe(env);
const savers = new Savers(serve.url, CLIENTS, (nr) => member(500_000 + (nr % 400_000)));
await savers.more(500);

let answeredBefore = 0;
const times = { quiet: [] as number[], meanwhile: [] as number[] };
const between = (from: number, to: number): number[] =>
  savers.answered
    .filter(({ sent, answered }) => answered >= from && sent < to)
    .map(({ sent, answered }) => answered - sent);
for (let turn = 1; turn <= ROUNDS; turn += 1) {
  const backup = path.join(dir, `backup-${turn}.db`);
  const before = savers.answered.map(({ forloebId }) => forloebId);
  const began = performance.now();
  const { seconds, stdout } = await ran('backup', 'backup', backup, '--json');
  const ended = performance.now();
  times.meanwhile.push(...between(began, ended));
  await new Promise((resolve) => setTimeout(resolve, ended - began));
  times.quiet.push(...between(ended, performance.now()));
  const { bytes, versions } = JSON.parse(stdout) as { bytes: number; versions: number };
  const db = openReadOnly(backup, true);
  const has = db.prepare('SELECT 1 FROM forloeb WHERE forloeb_id = ?');
  const lost = before.filter((id) => has.get(id) === undefined).length;
  db.close();
  say(
    `backup ${turn}: ${(bytes / 1024 ** 2).toFixed(0)} MiB, ${versions} versions, ${seconds.toFixed(1)} s; of ${before.length} Saves answered before it ${lost} are missing`,
  );
  answeredBefore = before.length;
  if (lost > 0) throw new Error('a backup does not hold what was answered before it');
  if (turn < ROUNDS) rmSync(backup);
}
await savers.stop();
if (savers.problems.length > 0) throw new Error(savers.problems[0]);
say(`quiet:      ${spread(times.quiet)}`);
say(`meanwhile:  ${spread(times.meanwhile)}`);
const ratio = (part: (all: readonly number[]) => number): string =>
  (part(times.meanwhile) / part(times.quiet)).toFixed(2);
say(
  `ratio of the medians ${ratio((all) => percentile(all, 0.5))}, of the longest ${ratio((all) => Math.max(...all))}`,
);
serve.signal('SIGTERM');
await serve.result;

const verified = await ran('verify-store', 'verify-store');
say(`verify-store of the store: ${verified.seconds.toFixed(1)} s`);
const restored = await ran('restore', 'restore', path.join(dir, `backup-${ROUNDS}.db`), '--replace');
say(`restore: ${restored.seconds.toFixed(1)} s`);
const audit = await openAudit(`sqlite:${file}`);
const { entries } = await audit.counters();
const [last] = await audit.entries({ after: entries - 1, limit: 1 });
await audit.close();
if (last?.entry.operation !== 'GendanStore') throw new Error('the seam is not in the trail');
say(`the last entry is that of the restore: ${readFileSync(file).length} bytes in place`);
// One line for `make promises`.
say(
  `      backup: ${ROUNDS} backups of ${BORGERE} citizens under load, 0 of ${answeredBefore} Saves missing; ratio of the medians ${ratio((all) => percentile(all, 0.5))}, restored in ${restored.seconds.toFixed(1)} s`,
);
