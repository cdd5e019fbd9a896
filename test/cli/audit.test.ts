// `pension audit verify`, and what all commands of the trail have in common: wrong options, a missing store, a service
// that runs meanwhile.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { type FilterOptions, readFilter } from '../../src/cli/audit/filter.ts';
import { UsageError } from '../../src/cli/outcome.ts';
import { attack } from '../store/sqlite/audit-fixture.ts';
import { readKept } from '../store/sqlite/audit-kept.ts';
import { pension } from '../support/cli.ts';
import { fileOf } from '../support/new-store.ts';
import { startTestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { Trail } from './audit-trail.ts';

describe('pension audit', () => {
  const trail = new Trail();
  before(() => trail.make());

  describe('verify', () => {
    it('says that all is well, and which seal to note', async () => {
      const { code, stdout, stderr } = await trail.audit(['verify']);
      expect(code).to.equal(0);
      expect(stdout).to.match(/^OK: (\d+) entries, \d+ of them under 3 seals\nlast seal 3:[0-9a-f]{64}\n$/);
      expect(stderr).to.match(
        /entries are not sealed yet.*\n3 entries of this minute are still being gathered\n$/,
      );
      const { lastSeal, ...verdict } = JSON.parse((await trail.audit(['verify', '--json'])).stdout);
      expect(verdict).to.include({ ok: true, entries: trail.entries.length, seals: 3 });
      expect(stdout).to.contain(`${lastSeal.nr}:${lastSeal.hash}`);
      expect(await trail.audit(['verify', '--seal', `3:${lastSeal.hash.toUpperCase()}`])).to.include({
        code: 0,
        stdout,
      });
    });

    it('names the first bad entry, for people and as JSON', async () => {
      const file = trail.copy();
      attack(file, (db) => {
        db.exec('DROP TRIGGER audit_entry_is_never_changed');
        db.exec(`UPDATE audit_entry SET system = 'en anden' WHERE seq IN (17, 20)`);
      });
      const [text, json] = await Promise.all([
        trail.audit(['verify'], file),
        trail.audit(['verify', '--json'], file),
      ]);
      const stderr = 'pension: TAMPERED: the first bad entry is 17: it is not what was written.\n';
      expect(text).to.deep.include({ code: 1, stdout: '', stderr });
      expect(json).to.include({ code: 1, stderr });
      expect(JSON.parse(json.stdout)).to.deep.equal({
        ok: false,
        seq: 17,
        grund: 'it is not what was written',
      });
    });

    it('finds a seal that is not the one that was noted, or is gone', async () => {
      const [other, gone] = await Promise.all(
        ['2', '4'].map((nr) => trail.audit(['verify', '--seal', `${nr}:${'0'.repeat(64)}`])),
      );
      expect(other).to.include({ code: 1 });
      expect(other!.stderr).to.match(
        /TAMPERED: the first bad entry is \d+: seal 2.* is not the one that was noted/,
      );
      expect(gone!.stderr).to.match(/TAMPERED: .*seal 4, which was noted, is missing/);
    });
  });

  it('reads no filter that is wrong', async () => {
    const wrong: readonly (readonly [FilterOptions, RegExp])[] = [
      [{ personnummer: '' }, /^--personnummer is empty/],
      [{ correlationId: '' }, /^--correlation-id is empty/],
      [{ from: '', personnummer: '2902610001' }, /^--from is empty/],
      [{ personnummer: '3102610001' }, /a personnummer is ten digits/],
      [{ code: 'NaN' }, /^--code must be/],
      [{ code: '-1' }, /^--code must be/],
      [{ organisation: '1'.repeat(21) }, /^--organisation must be/],
      [{ to: 'now' }, /^--to must be/],
      [{ from: '2026-11-22', to: '2026-11-21' }, /^--from must be before --to/],
      [{ from: '2026-11-22T08:00', to: '2026-11-22T07:00Z' }, /^--from must be before --to/],
    ];
    for (const [options, message] of wrong) {
      const error = await readFilter(options).catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(options)).to.be.instanceOf(UsageError);
      expect((error as UsageError).message).to.match(message);
    }
  });

  it('says what is wrong with an option, and shows nothing', async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['list --last 0', /--last must be/],
      ['list --code 45x', /--code must be/],
      ['list --personnummer 290261-0001', /a personnummer is ten digits/],
      ['list --organisation= --reveal', /--organisation is empty/],
      ['list --operation SletAlt', /Allowed choices are SaveTidligPension/],
      ['verify --seal 3', /--seal must be NR:HASH/],
    ];
    const file = trail.copy();
    await Promise.all(
      wrong.map(async ([line, message]) => {
        const { code, stdout, stderr } = await trail.audit(line.split(' '), file);
        expect({ code, stdout }, line).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr, line).to.match(message);
        expect(stderr, line).not.to.match(/unexpected error| {4}at /);
      }),
    );
    expect(readKept(file).entries.size, 'left no entry').to.equal(trail.entries.length);
  });

  it('says what to do when there is no store, or something else, and makes none', async () => {
    const dir = tempDir();
    const [none, other, out] = ['none.db', 'other.db', 'out.jsonl'].map((name) => path.join(dir, name));
    new Database(other).exec('CREATE TABLE x (y)').close();
    const lines = ['list', 'verify', `export --out ${out}`, `export --reveal --out ${out}-2`];
    const runs = [...lines.map((line) => [line, none!]), [lines[1]!, other!]];
    const run = async ([line, file]: string[]): Promise<void> => {
      const { code, stdout, stderr } = await trail.audit(line!.split(' '), file);
      expect({ code, stdout }, line).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.match(/^pension: PENSION_STORE: .*\b[Nn]ame .*\n$/);
    };
    await Promise.all(runs.map(run));
    expect(readdirSync(dir)).to.deep.equal(['other.db']);
  });

  it('reads and verifies while a service runs and writes', async () => {
    const service = await startTestService();
    try {
      const calls = Array.from({ length: 4 }, (_, at) =>
        pension([
          'call',
          'get',
          `290261000${at}`,
          '--as',
          'star',
          '--url',
          service.url,
          '--world',
          service.world,
        ]),
      );
      const seen = await Promise.all([
        trail.audit(['verify'], fileOf(service.store)),
        trail.audit(['list', '--reveal'], fileOf(service.store)),
      ]);
      for (const { code, stderr } of [...seen, ...(await Promise.all(calls))])
        expect(code, stderr).to.equal(0);
      expect(await trail.listed(['--operation', 'GetTidligPension'], fileOf(service.store))).to.have.length(
        4,
      );
      expect(await trail.listed(['--operation', 'VisAudit'], fileOf(service.store))).to.have.length(1);
    } finally {
      await service.stop();
    }
    const after = await trail.audit(['verify'], fileOf(service.store));
    expect(after).to.include({ code: 0, stderr: '' });
    expect(after.stdout).to.match(/^OK: 5 entries, 5 of them/);
  });
});
