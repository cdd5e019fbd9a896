// Whoever can write to the file of a store cannot change its trail unnoticed: every tampering is found, and the first
// bad entry named (S7 of the promises). What cannot be found, and what finds it nevertheless, is here too.
//
// PENSION_TEST_TAMPERINGS says how many tamperings, PENSION_TEST_SEED which.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import fc from 'fast-check';
import type { NotedSeal, Verdict } from '../../../src/access/audit/verify.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { itRandomly } from '../../domain/random.ts';
import { pension } from '../../support/cli.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { attack, layOpen, makeTrail, onCopy, verifyFile } from './audit-fixture.ts';
import { firstBad, firstOf, type Kept, readKept } from './audit-kept.ts';
import { anyChance, redigest, reseal, TAMPERINGS } from './audit-tamperings.ts';

const KINDS = Object.keys(TAMPERINGS);
const TAMPERINGS_TRIED = Number(process.env.PENSION_TEST_TAMPERINGS || 500);
/** Of these so many are shown to the command as well; a few where the number was not asked for. */
const BY_COMMAND = process.env.PENSION_TEST_TAMPERINGS ? 20 : 3;

/** Demands that `pension audit verify` ends with 1 and names the entry. */
async function verifyByCommand(file: string, seq: number, name: string): Promise<void> {
  const { code, stdout, stderr } = await pension(['audit', 'verify'], {
    env: { PENSION_STORE: `sqlite:${file}` },
  });
  expect({ code, stdout }, name).to.deep.equal({ code: 1, stdout: '' });
  expect(stderr, name).to.match(new RegExp(`TAMPERED: the first bad entry is ${seq}: `));
}

describe('a trail that is tampered with', function () {
  this.timeout(60_000 + TAMPERINGS_TRIED * 100);
  let file: string;
  let open: string;
  let was: Kept;
  /** Tamperings whose first bad entry was named, by their kind, and how many of them by the command too. */
  const named = new Map<string, number>();
  let byCommand = 0;
  before(async () => {
    file = await makeTrail();
    open = layOpen(file);
    was = readKept(open);
  });

  it('verifies as long as it is not', async () => {
    const verdict = await verifyFile(file);
    expect(verdict).to.deep.include({ ok: true, entries: was.entries.size, seals: 18 });
    expect(verdict).to.have.property('unsealed').that.is.above(5);
    expect(was.entries.size).to.be.above(200);
    expect(await verifyFile(open), 'without triggers and constraints').to.deep.equal(verdict);
  });

  itRandomly(
    'is found out, and the first bad entry is named',
    fc.asyncProperty(fc.constantFrom(...KINDS), anyChance, async (name, chance) => {
      await onCopy(open, async (copy) => {
        const isDone = attack(copy, (db) => TAMPERINGS[name]!(db, was, chance));
        fc.pre(isDone); // otherwise a number was taken
        const seq = firstBad(was, readKept(copy));
        fc.pre(seq !== undefined); // otherwise nothing was changed
        expect(await verifyFile(copy), name).to.deep.include({ ok: false, seq });
        // Each kind in its turn, as far as the number goes.
        if (byCommand < BY_COMMAND && (!named.has(name) || named.size === KINDS.length)) {
          await verifyByCommand(copy, seq!, name);
          byCommand += 1;
        }
        named.set(name, (named.get(name) ?? 0) + 1);
      });
    }),
    TAMPERINGS_TRIED,
  );

  after(() => {
    if (named.size === 0) return; // left out by a filter
    const sum = [...named.values()].reduce((a, b) => a + b);
    console.log(
      `      S7: ${TAMPERINGS_TRIED} tamperings of ${named.size} kinds, ${sum} named with their first bad entry, ` +
        `${byCommand} of them by pension audit verify too`,
    );
  });

  const afterAttack = (work: (db: Database.Database) => void, noted?: NotedSeal): Promise<Verdict> =>
    onCopy(open, async (copy) => {
      expect(attack(copy, work), 'carried out').to.equal(true);
      return await verifyFile(copy, noted);
    });

  /** Another name in an entry under that seal, and every seal from there on made anew. */
  const rewriteFrom = (nr: number) => (db: Database.Database) => {
    const seq = (was.seals.get(nr)!.sidste as number) - 1;
    db.prepare(`UPDATE audit_entry SET user_full_name = 'En anden' WHERE seq = ?`).run(seq);
    redigest(db, seq);
    for (let at = nr, forrige = was.seals.get(nr)!.forrige as string; at <= was.seals.size; at += 1) {
      reseal(db, at, { forrige });
      forrige = db.prepare<[number], string>('SELECT hash FROM audit_seal WHERE nr = ?').pluck().get(at)!;
    }
  };
  const sealOf = (nr: number): NotedSeal => ({ nr, hash: was.seals.get(nr)!.hash as string });

  it('and all seals since made anew, verifies; but not with a seal that was noted since then', async () => {
    expect(await afterAttack(rewriteFrom(5))).to.include({ ok: true, seals: 18 });
    for (const noted of [sealOf(5), sealOf(6), sealOf(18)]) {
      const seq = firstOf(was, noted.nr);
      expect(await afterAttack(rewriteFrom(5), noted)).to.deep.include({ ok: false, seq });
    }
    expect(await afterAttack(rewriteFrom(5), sealOf(4)), 'noted before').to.include({ ok: true });
  });

  it('at its end, which no seal stands for yet, verifies when digests and counter are made to fit', async () => {
    expect(
      await afterAttack((db) => {
        db.prepare(`UPDATE audit_entry SET system = 'en anden' WHERE seq = ?`).run(was.entries.size);
        redigest(db, was.entries.size);
      }),
      'changed',
    ).to.include({ ok: true });
    expect(
      await afterAttack((db) => {
        db.prepare('DELETE FROM audit_entry WHERE seq = ?').run(was.entries.size);
        db.exec(`UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'audit_entry'`);
      }),
      'removed',
    ).to.include({ ok: true });
  });

  it('lacks a seal that was noted, if the last ones were removed and the counter set back', async () => {
    const cut = (db: Database.Database): void => {
      db.prepare('DELETE FROM audit_seal WHERE nr > 16').run();
      db.prepare(`UPDATE sqlite_sequence SET seq = 16 WHERE name = 'audit_seal'`).run();
    };
    expect(await afterAttack(cut)).to.include({ ok: true, seals: 16 });
    const verdict = await afterAttack(cut, sealOf(18));
    expect(verdict).to.deep.include({ ok: false, seq: firstOf(was, 17) });
    expect(verdict)
      .to.have.property('grund')
      .that.matches(/seal 18, which was noted, is missing/);
  });

  it('is not sealed anew by a service that finds its last seals removed', async () => {
    await onCopy(file, async (copy) => {
      attack(copy, (db) => {
        db.exec('DROP TRIGGER audit_seal_is_never_deleted');
        db.exec('DELETE FROM audit_seal WHERE nr >= 18');
      });
      const store = openSqliteStore(copy, portsAt(NU));
      expect(await store.audit.seal().catch((error: Error) => error.message)).to.match(/seal 18 .* removed/);
      const saved = await store.save(
        saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }),
      );
      expect(saved.ok, 'calls go on').to.equal(true);
      await store.close();
      expect(await verifyFile(copy)).to.deep.include({ ok: false, seq: firstOf(was, 18) });
    });
  });

  it('before it is sealed, without its digest, is found after it has been sealed too', async () => {
    await onCopy(file, async (copy) => {
      attack(copy, (db) => {
        db.exec('DROP TRIGGER audit_entry_is_never_changed');
        db.prepare(`UPDATE audit_entry SET correlation_id = 'x' WHERE seq = ?`).run(was.entries.size);
      });
      await openSqliteStore(copy, portsAt(NU)).close(); // seals
      expect(await verifyFile(copy)).to.deep.include({ ok: false, seq: was.entries.size });
    });
  });

  it('is refused by triggers as long as they are there', () => {
    const db = new Database(file);
    for (const sql of [
      'UPDATE audit_entry SET version = 1 WHERE seq = 1',
      'DELETE FROM audit_entry WHERE seq = 1',
      'REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 1',
      'UPDATE audit_seal SET sidste = 1 WHERE nr = 1',
      'DELETE FROM audit_seal WHERE nr = 18',
      'REPLACE INTO audit_seal SELECT * FROM audit_seal WHERE nr = 18',
    ])
      expect(() => db.exec(sql), sql).to.throw(/audit_(entry|seal)_(is_never|follows)/);
    db.close();
  });
});
