// A backup of a service that saves and delivers, and what becomes of it: every Save that was answered before is in it,
// Saves go on meanwhile, and restored it serves on, with beskeder under the identifiers that they had.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { openStore } from '../../../src/store/open-store.ts';
import { type CliResult, pension, startServe, worldEnv } from '../../support/cli.ts';
import { MEMBERS, member } from '../../support/queue.ts';
import { Savers } from '../../support/saves.ts';
import { demoWorld } from '../../support/service.ts';
import { importMedlemskaber, medlemskabLinje, portsAt } from '../../support/store-fixtures.ts';
import { tempDir } from '../../support/temp.ts';

describe('a backup of a service under load', () => {
  const folder = tempDir();
  const [store, backup, out] = ['pension.db', 'backup.db', 'beskeder.jsonl'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  let env: Record<string, string>;
  before(async () => {
    env = { ...worldEnv(await demoWorld()), PENSION_STORE: `sqlite:${store}`, PENSION_TLS: 'off' };
    const made = await openStore(env.PENSION_STORE!, portsAt(new Date()));
    const linjer = Array.from({ length: MEMBERS }, (_, nr) =>
      medlemskabLinje(nr + 2, member('22', nr), '22', '2010-01-01'),
    );
    await importMedlemskaber(made, { linjer });
    await made.close();
  });
  const run = async (...args: string[]): Promise<CliResult> => {
    const result = await pension(args, { env });
    expect(result.code, `${args[0]}: ${result.stderr}${result.stdout}`).to.equal(0);
    return result;
  };
  const poll = async (url: string) =>
    JSON.parse(
      (await run('akasse', 'poll', '--organisation', '2:22', '--url', url, '--out', out, '--json')).stdout,
    );
  const forloebIn = (file: string): Set<string> => {
    const db = new Database(file, { readonly: true });
    try {
      return new Set(db.prepare<[], string>('SELECT forloeb_id FROM forloeb').pluck().all());
    } finally {
      db.close();
    }
  };
  const lines = (): string[] => readFileSync(out, 'utf8').trimEnd().split('\n');

  it('holds every Save that was answered before it, and goes back to where it was', async () => {
    const first = await startServe(env);
    const savers = new Savers(first.url, 4, (nr) => member('22', nr % MEMBERS));
    await savers.more(60);
    const before = savers.answered.map(({ forloebId }) => forloebId);
    const began = performance.now();
    const { lastSeal } = JSON.parse((await run('backup', backup, '--json')).stdout);
    const meanwhile = savers.answered.filter(({ sent }) => sent > began).length;
    await savers.more(20);
    await savers.stop();
    expect(savers.problems).to.deep.equal([]);
    const kept = forloebIn(backup);
    const lost = before.filter((id) => !kept.has(id));
    expect(lost, 'answered before the backup, and not in it').to.deep.equal([]);
    expect(meanwhile, 'Saves that were answered while it was made').to.be.greaterThan(0);
    expect(kept.size).to.be.lessThan(savers.answered.length);
    await run('verify-store', backup);

    const delivered = await poll(first.url);
    expect(delivered.added).to.equal(savers.answered.length);
    first.signal('SIGTERM');
    await first.result;
    await run('verify-store', '--seal', lastSeal);

    await run('restore', backup, '--replace', '--seal', lastSeal);
    expect(forloebIn(store)).to.deep.equal(kept);
    const second = await startServe(env);
    const again = await poll(second.url);
    expect(again, 'the a-kasse knows each of them').to.include({ fetched: kept.size, added: 0 });
    const more = new Savers(second.url, 1, () => member('22', 1));
    await more.more(1);
    await more.stop();
    expect(more.problems).to.deep.equal([]);
    expect(await poll(second.url)).to.include({ added: more.answered.length });
    expect(lines()).to.have.length(savers.answered.length + more.answered.length);
    second.signal('SIGTERM');
    await second.result;
    await run('verify-store');
    console.log(
      `      backup: ${before.length} Saves answered before it, ${meanwhile} meanwhile; lost ${lost.length}, restored and served on`,
    );
  });
});
