// `pension verify-store`: what it prints, that it only reads, and what it does not look at.

import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { PACKAGE_ROOT } from '../../../src/cli/contract-files.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { knownMigrations, migrate } from '../../../src/store/sqlite/migrate.ts';
import { STORE_CHECKS } from '../../../src/store/verify-store.ts';
import { type CliResult, pension } from '../../support/cli.ts';
import { overwritten, rootsOf } from '../../support/damage.ts';
import { member } from '../../support/queue.ts';
import { tempDir } from '../../support/temp.ts';
import { Filled } from '../outbox/filled.ts';

const NU = new Date(Date.now() - 1_800_000);
const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('pension verify-store', () => {
  const store = new Filled();
  before(async () => {
    await store.register(NU, '22', 1);
    await store.save(NU, member('22', 1));
  });
  const verify = (...args: string[]): Promise<CliResult> =>
    pension(['verify-store', ...args], { env: { PENSION_STORE: store.address } });

  it('prints a line for each check and what the store holds, and changes nothing', async () => {
    const before = digest(store.file);
    const { code, stdout, stderr } = await verify();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines.slice(0, STORE_CHECKS.length).map((line) => line.split(/ +/, 2))).to.deep.equal(
      STORE_CHECKS.map(({ id }) => ['OK', id]),
    );
    expect(stdout).to.match(/^OK {3}I1 .*\(1 forløb\)$/m);
    expect(stdout).to.match(/\n\nschema .*\nholds .*\ngoes up to .*\nlast seal {3}\d+:[0-9a-f]{64}\n$/);
    expect(digest(store.file)).to.equal(before);
  });

  it('says FAIL with what is wrong, as JSON too, and takes a file or an address', async () => {
    const file = path.join(tempDir(), 'tampered.db');
    copyFileSync(store.file, file);
    new Database(file)
      .exec(
        "DROP TRIGGER audit_entry_is_never_changed; UPDATE audit_entry SET udfald = 'udfoert', system = 'x' WHERE seq = 1",
      )
      .close();
    const [text, json] = await Promise.all([verify(file), verify(`sqlite:${file}`, '--json')]);
    expect(text!.code).to.equal(1);
    expect(text!.stdout).to.match(/^FAIL schema .*\n {7}trigger audit_entry_is_never_changed is missing\n/m);
    expect(text!.stdout).to.match(
      /^FAIL I6 .*\n {7}audit entry 1: it is not what was written \(the first bad one\)\n/m,
    );
    expect(text!.stderr).to.equal(`pension: 2 of ${STORE_CHECKS.length} checks are FAIL: schema, I6.\n`);
    expect(json!.code).to.equal(1);
    const said = JSON.parse(json!.stdout);
    expect(said).to.deep.include({ ok: false, forloeb: 1, versions: 1 });
    const failing = said.checks.filter(({ ok }: { ok: boolean }) => !ok);
    expect(failing.map(({ id, found }: { id: string; found: number }) => [id, found])).to.deep.equal([
      ['schema', 1],
      ['I6', 1],
    ]);
  });

  it('says FAIL for damage in whatever table, and what it holds only where that can be counted', async () => {
    const roots = rootsOf(store.file);
    const verdict = /^pension: \d of \d checks are FAIL: file.*\.\n$/;
    const results = await Promise.all(
      [...roots].map(
        async ([table, page]) => [table, await verify(overwritten(store.file, page), '--json')] as const,
      ),
    );
    for (const [table, { code, stdout, stderr }] of results) {
      expect(code, table).to.equal(1);
      expect(stderr, table).to.match(verdict);
      const { ok, versions, checks } = JSON.parse(stdout);
      expect({ ok, checks: checks.length }, table).to.deep.equal({ ok: false, checks: STORE_CHECKS.length });
      if (['migration', 'medlemskab', 'audit_entry'].includes(table)) expect(versions, table).to.equal(null);
      if (['sequence', 'queue_poll'].includes(table)) expect(versions, table).to.equal(1);
    }
    const { code, stdout, stderr } = await verify(overwritten(store.file, roots.get('audit_entry')!));
    expect(code).to.equal(1);
    expect(stderr).to.match(verdict);
    expect(stdout.match(/^(OK|FAIL) /gm)).to.have.length(STORE_CHECKS.length);
    expect(stdout).to.match(/^FAIL file .*\n {7}\S/);
    expect(stdout).to.match(/\n\nholds {7}what cannot be counted: the store is damaged\n$/);
  });

  it('does not look at a store of an older version or at another file, and leaves both as they are', async () => {
    const [older, text] = [path.join(tempDir(), 'older.db'), path.join(tempDir(), 'text.db')];
    const db = openConnection(older);
    migrate(db, { now: () => NU }, knownMigrations().slice(0, 3));
    db.close();
    new Database(text).exec('CREATE TABLE x (y)').close();
    const before = [older, text].map(digest);
    const cases: readonly (readonly [string, RegExp])[] = [
      [older, /^pension: the store .*older\.db is of an older version\. Start the service on it once/],
      [text, /^pension: .*text\.db is not a store of this program/],
      [path.join(tempDir(), 'none.db'), /^pension: there is no store .*none\.db/],
      ['mysql://u:s3cret@somewhere/x', /^pension: PENSION_STORE must be sqlite:PATH[^\n]*\n$/],
    ];
    const results = await Promise.all(cases.map(([file]) => verify(file)));
    cases.forEach(([file, says], at) => {
      expect(results[at], file).to.include({ code: 1, stdout: '' });
      expect(results[at]!.stderr, file).to.match(says);
    });
    expect([older, text].map(digest)).to.deep.equal(before);
  });

  it('is told in docs/operations.md with every check', () => {
    const page = readFileSync(fileURLToPath(new URL('docs/operations.md', PACKAGE_ROOT)), 'utf8');
    const [, section] = /## Verifying a store\n([\s\S]*?)(?:\n## |$)/.exec(page)!;
    const told = [...section!.matchAll(/^\| (file|schema|I\d) \|/gm)].map(([, id]) => id);
    expect(told).to.have.members(STORE_CHECKS.map(({ id }) => id));
  });
});
