// What docs/operations.md asks of UDK after a restore from an older backup: batches sent again with their receipts, in
// which what was done is open again, make the store what it was, and no second forløb.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { readCsv } from '../../../src/cli/csv.ts';
import { BATCH_COLUMNS } from '../../../src/cli/udk-send/batch.ts';
import { RECEIPT_COLUMNS } from '../../../src/cli/udk-send/receipts.ts';
import { type CliResult, pension } from '../../support/cli.ts';
import { member } from '../../support/queue.ts';
import { startTestService } from '../../support/service.ts';
import { tempDir } from '../../support/temp.ts';

const KNOWN = '5f1d0c30-0003-4000-8000-000000000001';
/** One batch before the backup and one after it; a refused line, and a forløb that both of them change. */
const BATCHES = [
  [
    `a1,${member('22', 1)},${KNOWN},2026-01-01,2025-12-01,2026-03-31,`,
    `a2,${member('22', 2)},,,,,2026-01-01`,
  ],
  [
    `b1,${member('22', 1)},${KNOWN},2026-01-01,2025-12-01,2026-04-30,`,
    `b2,${member('22', 2)},,,,,2026-02-01`,
    `b3,${member('22', 1)},,2026-02-01,2025-12-01,,`,
  ],
];

describe('batches that are sent again after a restore', () => {
  const folder = tempDir();
  const [store, backup] = [path.join(folder, 'pension.db'), path.join(folder, 'backup.db')];
  const env = { PENSION_STORE: `sqlite:${store}`, PENSION_TLS: 'off' };
  before(() => {
    BATCHES.forEach((lines, at) => {
      writeFileSync(batch(at), `${[BATCH_COLUMNS.join(','), ...lines].join('\n')}\n`);
    });
  });
  const batch = (at: number): string => path.join(folder, `batch-${at}.csv`);
  const receipts = (at: number): string => path.join(folder, `receipts-${at}.csv`);
  const run = (...args: string[]): Promise<CliResult> => pension(args, { env });
  const send = (url: string, at: number): Promise<CliResult> =>
    run('udk', 'send', batch(at), '--receipts', receipts(at), '--url', url, '--organisation', '50:12345678');
  const standing = (): unknown[] => {
    const db = new Database(store, { readonly: true });
    const rows = db
      .prepare(
        `SELECT forloeb_id, personnummer, overgangsdato, ophoersdato, kompensationsafgoerelsesdato FROM forloeb
          ORDER BY forloeb_id`,
      )
      .all();
    db.close();
    return rows;
  };
  const outcomes = (at: number): (string | undefined)[] =>
    readCsv(readFileSync(receipts(at)), RECEIPT_COLUMNS).records.map(({ values }) => values.outcome);

  it('make the store what it was, also where the backup had some of them', async () => {
    const first = await startTestService(env);
    await send(first.url, 0);
    expect((await run('backup', backup)).code).to.equal(0);
    await send(first.url, 1);
    const before = { standing: standing(), outcomes: BATCHES.map((_, at) => outcomes(at)) };
    expect(before.standing).to.have.length(3);
    expect(before.outcomes.flat()).to.include.members(['saved', 'refused']);
    await first.stop();

    expect((await run('restore', backup, '--replace')).code).to.equal(0);
    expect(standing()).to.have.length(2);
    for (const at of [0, 1]) {
      const open = readFileSync(receipts(at), 'utf8').replace(/^([^,]*),(?:saved|refused),/gm, '$1,sending,');
      writeFileSync(receipts(at), open);
    }
    const second = await startTestService(env);
    for (const at of [0, 1]) await send(second.url, at);
    expect({ standing: standing(), outcomes: BATCHES.map((_, at) => outcomes(at)) }).to.deep.equal(before);
    await second.stop();
    expect((await run('verify-store')).code).to.equal(0);
  });
});
