// Each invariant, broken by a hand at the store: the check names it, and names nothing in a store that is whole.

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { addressOf } from '../../src/store/open-store.ts';
import { Filled } from '../cli/outbox/filled.ts';
import { AKASSE, BREACHES, fill, fromNowhere } from './breaches.ts';
import { brokenInvariants, checkInvariants } from './invariants.ts';
import { member } from './queue.ts';
import { NU, operatorEntry } from './store-fixtures.ts';
import { tempDir } from './temp.ts';

describe('the check of the invariants', () => {
  const store = new Filled();
  let saved: Awaited<ReturnType<typeof fill>>;
  before(async () => {
    saved = await fill(store);
  });

  it('finds nothing in a store that is whole', async () => {
    expect(await checkInvariants(addressOf(store.file))).to.deep.equal([]);
  });

  for (const [what, sql, named] of [...BREACHES, fromNowhere('version_nr')]) {
    it(`says that ${what}`, async () => {
      const broken = await brokenInvariants(brokenBy(sql));
      expect(broken.join('\n')).to.match(named);
    });
  }

  it('verifies the trail as a whole: a seal that is gone is missed', async () => {
    const broken = brokenBy('DELETE FROM audit_seal WHERE nr = (SELECT max(nr) FROM audit_seal)');
    expect(await brokenInvariants(broken)).to.deep.equal([]);
    expect((await checkInvariants(broken)).join()).to.match(/I6: the audit trail does not verify/);
  });

  it('holds the trail against the calls that were made', async () => {
    const asked = { answered: saved, counted: 4, unanswered: 0 };
    const outcome = async (changes: Partial<typeof asked>): Promise<string> =>
      (await checkInvariants(addressOf(store.file), { ...asked, ...changes })).join('\n');
    expect(await outcome({})).to.equal('');
    expect(await outcome({ counted: 3, unanswered: 1 }), 'one that was not answered has its entry').to.equal(
      '',
    );
    expect(await outcome({ unanswered: 5 }), 'and five others have none').to.equal('');
    expect(await outcome({ counted: 5 })).to.match(/I6: 11 entries of calls, for 12 that were answered/);
    expect(await outcome({ counted: 3 })).to.match(/I6: 11 entries of calls, for 10/);
    const other = saved.map((one) => ({ ...one, fejlkode: 4636 }));
    expect(await outcome({ answered: other })).to.match(/I6: an answered call does not have its entry/);
  });

  it('takes a besked that was released late, and one that was queued again, where they are', async () => {
    const other = new Filled();
    const at = (work: Parameters<typeof other.at>[1]): Promise<unknown> => other.at(NU, work);
    const borger = member(AKASSE, 0);
    const first = await other.save(NU, borger); // waits: of no a-kasse yet
    await other.register(NU, AKASSE, 0);
    await other.save(NU, borger, first);
    const second = await other.save(NU, borger);
    await other.save(NU, borger, second);
    other.lose([second, 1]);
    expect((await brokenInvariants(addressOf(other.file))).join()).to.match(/I2/);
    await at(({ outbox }) =>
      outbox.sweep({
        recreate: true,
        idag: '2026-11-22' as never,
        afloesere: {},
        entry: operatorEntry('GennemgaaOutbox'),
      }),
    );
    expect(await checkInvariants(addressOf(other.file))).to.deep.equal([]);
  });

  /** Address of a copy of the store to which that was done. */
  function brokenBy(sql: string): string {
    const file = path.join(tempDir(), 'broken.db');
    copyFileSync(store.file, file);
    const db = new Database(file);
    try {
      db.pragma('foreign_keys = OFF');
      db.pragma('ignore_check_constraints = ON');
      const triggers = db
        .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .pluck()
        .all();
      for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
      db.exec(sql);
    } finally {
      db.close();
    }
    return addressOf(file);
  }
});
