// Entries about a citizen are found in every stretch of the trail, by the index and not by looking at all of it.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { entriesOfBorger } from '../../../src/store/sqlite/audit-by-borger.ts';
import { openSqliteAudit, openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { NU, portsAt } from '../../support/store-fixtures.ts';
import { tamper } from './store-tamperings.ts';
import { newPath } from './under-test.ts';

/** A trail in which those numbers are entries about the citizen, with others around them. */
function trail(borger: Personnummer, numbers: readonly number[]): string {
  const file = newPath();
  void openSqliteStore(file, portsAt(NU)).close();
  tamper(file, (db) => {
    const add = db.prepare(
      `INSERT INTO audit_entry (seq, tidspunkt, correlation_id, udfald, digest, personnummer)
       VALUES (?, '${NU.toISOString()}', 'x', 'udfoert', zeroblob(32), ?)`,
    );
    const nobody = nyBorger();
    for (const nr of numbers) {
      add.run(nr, borger);
      add.run(nr + 1, nobody);
    }
    add.run(numbers.at(-1)! + 2, null);
  });
  return file;
}

async function foundIn(file: string, personnummer: Personnummer): Promise<number[]> {
  const audit = openSqliteAudit(file);
  try {
    const entries = await audit.entries({
      after: Number.MIN_SAFE_INTEGER,
      limit: 100,
      filter: { personnummer },
    });
    return entries.map(({ entry }) => entry.seq);
  } finally {
    await audit.close();
  }
}

describe('the entries about a citizen', () => {
  it('are found in each stretch of the trail, and those of nobody else', async () => {
    const borger = nyBorger();
    const numbers = [1, 500, 1_022, 1_024, 1_026, 2_047, 5_000, 70_000];
    const file = trail(borger, numbers);
    expect(await foundIn(file, borger)).to.deep.equal(numbers);
    expect(await foundIn(file, nyBorger())).to.deep.equal([]);
  });

  it('are found at once also where somebody has given entries numbers that no trail has', async () => {
    const borger = nyBorger();
    const numbers = [-5_000, 3, 9_000_000_000_000_000];
    expect(await foundIn(trail(borger, numbers), borger)).to.deep.equal(numbers);
  });

  it('are found by the index alone', () => {
    const db = new Database(trail(nyBorger(), [1, 5_000]), { readonly: true });
    const plan = db
      .prepare<[string], { detail: string }>(`EXPLAIN QUERY PLAN ${entriesOfBorger('?')}`)
      .all('')
      .map(({ detail }) => detail)
      .filter((step) => / (e|audit_entry) /.test(step));
    db.close();
    expect(plan).to.have.length(3);
    for (const step of plan) expect(step).to.include('USING COVERING INDEX audit_entry_by_personnummer');
    expect(plan.at(-1)).to.include('(<expr>=? AND personnummer=?)');
  });
});
