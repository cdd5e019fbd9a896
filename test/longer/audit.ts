// An experiment: an audit trail of a million entries, verified, exported, and verified elsewhere. Prints what it took.
// Run it with `make test-audit`; it takes about a minute, and fails when verifying takes more than half of one.

import { statSync } from 'node:fs';
import path from 'node:path';
import { systemPorts } from '../../src/domain/ports.ts';
import { openConnection } from '../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { prepareStatements } from '../../src/store/sqlite/statements.ts';
import { pension } from '../support/cli.ts';
import { kald } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const ENTRIES = Number(process.argv[2] ?? 1_000_000);
const BATCH = 500;
/** Seconds that verifying may take. */
const PATIENCE = 30;
const MEMORY = { NODE_OPTIONS: '--max-old-space-size=64' };

const file = path.join(tempDir(), 'pension.db');
const env = { PENSION_STORE: `sqlite:${file}`, ...MEMORY };

const timed = async (what: string, work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${what}: ${seconds.toFixed(1)} s\n`);
  if (what.startsWith('verified') && seconds > PATIENCE) throw new Error(`that is more than ${PATIENCE} s`);
  return seconds;
};

const run = async (...args: string[]): Promise<void> => {
  const { code, stdout, stderr } = await pension(args, { env });
  if (code !== 0) throw new Error(`pension ${args.join(' ')} ended with ${code}: ${stderr}`);
  process.stdout.write(stdout.replace(/^/gm, '  ').trimEnd().concat('\n'));
};

async function fill(): Promise<void> {
  await openSqliteStore(file, systemPorts).close();
  const db = openConnection(file);
  const { audit } = prepareStatements(db, systemPorts);
  for (let done = 0; done < ENTRIES; done += BATCH) {
    db.transaction(() => {
      for (let at = done; at < done + BATCH; at += 1) {
        const personnummer = `290261${String(at % 10_000).padStart(4, '0')}` as never;
        audit.addCall(kald({ operation: 'GetTidligPension', personnummer }), {});
      }
    })();
  }
  db.close();
}

process.stdout.write(`${ENTRIES} entries; the commands run with 64 MB of heap\n`);
await timed('written', fill);
await timed('sealed', () => openSqliteStore(file, systemPorts).close());
process.stdout.write(`  the store has ${Math.round(statSync(file).size / 1e6)} MB\n`);
const verified = await timed('verified', () => run('audit', 'verify'));
const out = path.join(tempDir(), 'trail.jsonl');
await timed('exported', () => run('audit', 'export', '--out', out));
await timed('verified from the export', () => run('audit', 'verify', '--export', out));
process.stdout.write(
  `      S7: ${ENTRIES} entries verified in ${verified.toFixed(1)} s, and again from their export\n`,
);
