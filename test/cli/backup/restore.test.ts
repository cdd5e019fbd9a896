// `pension restore`: what it puts in the place of the store, what it refuses, and what a service goes on with.

import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { restore as restoreHere } from '../../../src/cli/backup/restore.ts';
import { CommandFailed, UsageError } from '../../../src/cli/outcome.ts';
import type { CheckResult } from '../../../src/store/open-store.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { knownMigrations, migrate } from '../../../src/store/sqlite/migrate.ts';
import { type CliResult, pension, startServe, worldEnv } from '../../support/cli.ts';
import { overwritten, rootsOf } from '../../support/damage.ts';
import { whileFailing } from '../../support/failing-fs.ts';
import { member } from '../../support/queue.ts';
import { demoWorld } from '../../support/service.ts';
import { tempDir } from '../../support/temp.ts';
import { Filled } from '../outbox/filled.ts';

const NU = new Date(Date.now() - 1_800_000);

describe('pension restore', () => {
  let store: Filled;
  let folder: string;
  let file: string;
  let id: string;
  let made: { sha256: string; lastSeal: string; entries: number; bytes: number };
  beforeEach(async () => {
    store = new Filled();
    folder = path.dirname(store.file);
    file = path.join(tempDir(), 'backup.db');
    await store.register(NU, '22', 1, 2);
    id = await store.save(NU, member('22', 1));
    const { stdout } = await run('backup', file, '--json');
    made = JSON.parse(stdout);
  });
  const run = (...args: string[]): Promise<CliResult> =>
    pension(args, { env: { PENSION_STORE: store.address } });
  const restore = (...args: string[]): Promise<CliResult> => run('restore', file, ...args);
  const asides = (): string[] => readdirSync(folder).filter((name) => name.includes('.before-'));

  it('puts a backup where there is no store, and says in its trail where it came from', async () => {
    rmSync(store.file);
    const { code, stdout, stderr } = await restore('--seal', made.lastSeal);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(/^\/.*pension\.db is restored from .*\nschema .*\nholds {7}1 forløb/);
    expect(readdirSync(folder)).to.deep.equal(['pension.db']);
    const last = (await store.entries()).at(-1)!;
    expect(last).to.include({ operation: 'GendanStore', seq: made.entries + 1 });
    expect(JSON.parse(last.detaljer!)).to.deep.equal({
      fil: file,
      bytes: made.bytes,
      sha256: made.sha256,
      poster: made.entries,
      segl: made.lastSeal,
    });
    expect((await run('audit', 'verify', '--seal', made.lastSeal)).code).to.equal(0);
  });

  it('refuses where a store is; put aside, the old one is whole and under a name of its own', async () => {
    const later = await store.save(NU, member('22', 2));
    const refused = await restore();
    expect(refused).to.include({ code: 1, stdout: '' });
    expect(refused.stderr).to.match(/There is a store .* already. With --replace/);
    const last = (await store.entries()).at(-1)!.seq;
    const { code, stdout, stderr } = await restore('--replace', '--json');
    expect(code, stderr).to.equal(0);
    const [aside] = asides();
    expect(readdirSync(folder)).to.have.members(['pension.db', aside!]);
    const said = JSON.parse(stdout);
    expect(said.aside).to.include({ file: path.join(folder, aside!), entries: last });
    expect(store.rows().map(({ forloeb }) => forloeb)).to.deep.equal([id]);
    const { erstattet } = JSON.parse((await store.entries()).at(-1)!.detaljer!);
    expect(erstattet).to.deep.equal({ fil: said.aside.file, poster: last, segl: said.aside.lastSeal });
    // And back again: what was put aside is as good as a backup.
    expect((await run('restore', said.aside.file, '--replace')).code).to.equal(0);
    expect(store.rows().map(({ forloeb }) => forloeb)).to.deep.equal([id, later]);
    expect(asides()).to.have.length(2);
  });

  it('brings a backup of an older version up, and leaves the backup as it is', async () => {
    const older = path.join(tempDir(), 'older.db');
    const db = openConnection(older);
    migrate(db, { now: () => NU }, knownMigrations().slice(0, 3));
    db.close();
    const before = readFileSync(older);
    const { code, stdout, stderr } = await run('restore', older, '--replace');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain(`schema      ${knownMigrations().at(-1)!.name}\n`);
    expect(readFileSync(older).equals(before)).to.equal(true);
    expect((await store.entries()).map(({ operation }) => operation)).to.deep.equal(['GendanStore']);
  });

  it('takes along what an old store has in its log only', async () => {
    const db = new Database(store.file);
    db.pragma('wal_autocheckpoint = 0');
    db.exec("INSERT INTO medlemskab VALUES ('2902630077', '11', '2020-01-01', NULL, NULL, NULL, 0)");
    const killed = path.join(folder, 'killed.db');
    for (const end of ['', '-wal']) copyFileSync(store.file + end, killed + end);
    db.close();
    const { code, stderr } = await pension(['restore', file, '--replace'], {
      env: { PENSION_STORE: `sqlite:${killed}` },
    });
    expect(code, stderr).to.equal(0);
    const aside = path.join(folder, readdirSync(folder).find((name) => name.startsWith('killed.db.before'))!);
    expect(existsSync(`${killed}-wal`)).to.equal(false);
    const old = new Database(aside, { readonly: true });
    expect(old.prepare('SELECT count(*) FROM medlemskab').pluck().get()).to.equal(3);
    old.close();
  });

  it('refuses while anybody has the store open, and the service goes on', async () => {
    const serve = await startServe({ ...worldEnv(await demoWorld()), PENSION_STORE: store.address });
    const before = (await store.entries()).length;
    const refused = await restore('--replace');
    expect(refused).to.include({ code: 1, stdout: '' });
    expect(refused.stderr).to.match(/is in use: a service or another command has it open/);
    expect(await store.entries()).to.have.length(before);
    serve.signal('SIGTERM');
    expect((await serve.result).code).to.equal(0);
    const reader = new Database(store.file, { readonly: true });
    reader.pragma('schema_version');
    expect((await restore('--replace')).stderr).to.match(/is in use/);
    reader.close();
    expect(asides()).to.deep.equal([]);
    expect((await restore('--replace')).code).to.equal(0);
  });

  it('refuses what is no whole backup, names what is wrong, and changes nothing', async () => {
    const other = path.join(tempDir(), 'other.db');
    const of = (work: (copy: string) => void): string => {
      const copy = path.join(tempDir(), 'copy.db');
      copyFileSync(file, copy);
      work(copy);
      return copy;
    };
    const sql = (text: string) => of((copy) => new Database(copy).exec(text).close());
    new Database(other).exec('CREATE TABLE x (y)').close();
    writeFileSync(
      path.join(folder, 'text'),
      'no database, but a text that is long enough to be looked at'.repeat(99),
    );
    writeFileSync(path.join(folder, 'empty'), '');
    const bad: readonly (readonly [string, RegExp])[] = [
      [path.join(folder, 'none'), /There is no file/],
      [folder, /is not a file/],
      [path.join(folder, 'empty'), /empty is not a store of this program/],
      [path.join(folder, 'text'), /text cannot be used|file is not a database/],
      [other, /other\.db is a SQLite database of another program/],
      [
        sql("INSERT INTO migration VALUES (9000, '9000-later', '2030-01-01')"),
        /copy\.db is newer than this program/,
      ],
      [
        sql('DROP TRIGGER audit_entry_is_never_changed; UPDATE audit_entry SET system = NULL WHERE seq = 1'),
        /I6: audit entry 1: it is not what was written/,
      ],
      [of((copy) => truncateSync(copy, 40_960)), /does not pass|cannot be used/],
      [overwritten(file, rootsOf(file).get('forloeb')!), /does not pass|cannot be used/],
      [
        of((copy) => writeFileSync(`${copy}-wal`, 'more of it')),
        /is not whole by itself: part of it is in .*-wal/,
      ],
      [store.file, /is the store itself/],
    ];
    const before = [readFileSync(store.file), readdirSync(folder)];
    for (const [name, says] of bad) {
      const said: string[] = [];
      const onCheck = ({ ok, id: check, violations }: CheckResult): void => {
        if (!ok) said.push(`${check}: ${violations}`);
      };
      const asked = { file: name, address: store.address, replace: true, anyway: false, onCheck };
      const error = await restoreHere(asked).catch((thrown: unknown) => thrown);
      expect(error, name).to.satisfy(
        (thrown: unknown) => thrown instanceof CommandFailed || thrown instanceof UsageError,
      );
      said.push((error as Error).message);
      expect(said.join('\n'), name).to.match(says);
      expect(said.join('\n'), name).not.to.contain('.restoring');
    }
    expect([readFileSync(store.file), readdirSync(folder)]).to.deep.equal(before);
    const wrongSeal = await restore('--replace', '--seal', `1:${'0'.repeat(64)}`);
    expect(wrongSeal.stderr).to.match(/seal 1, which stands for it, is not the one that was noted/);
    expect((await run('restore', bad[6]![0], '--replace', '--anyway')).code).to.equal(0);
  });

  it('takes a damaged backup anyway, as long as it can keep the entry that says so', async () => {
    const roots = rootsOf(file);
    const without = await run(
      'restore',
      overwritten(file, roots.get('audit_entry')!),
      '--replace',
      '--anyway',
    );
    expect(without).to.include({ code: 1, stdout: '' });
    expect(without.stderr).to.match(
      /^FAIL file .*\n(?:.*\n)*pension: .*damaged\.db cannot be restored: the store is damaged, or .*The store is as it was\.\n$/,
    );
    expect(asides()).to.deep.equal([]);
    const damaged = overwritten(file, roots.get('medlemskab')!);
    const { code, stdout, stderr } = await run('restore', damaged, '--replace', '--anyway');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain('\nholds       what cannot be counted: the store is damaged\n');
    const detaljer = JSON.parse((await store.entries()).at(-1)!.detaljer!);
    expect(detaljer).to.include.keys('sha256', 'afvigelser').and.not.to.include.keys('poster');
  });

  const here = () =>
    restoreHere({
      file,
      address: store.address,
      replace: true,
      anyway: false,
      onCheck: () => undefined,
    }).catch((thrown: unknown) => thrown);

  it('says that the new store is in the place when only its name could not be flushed', async () => {
    const old = statSync(store.file).ino;
    const isPlaced = (): boolean => statSync(store.file).ino !== old;
    const error = await whileFailing('fsyncSync', 'EIO', here, isPlaced);
    expect(isPlaced()).to.equal(true);
    expect(error).to.be.instanceOf(CommandFailed);
    expect((error as Error).message).to.match(
      /pension\.db is restored from .*, but its folder could not be flushed \(EIO.*the name may be as it was before.*pension\.db\.before-/,
    );
    expect((error as Error).message).not.to.contain('The store is as it was');
    expect((await store.entries()).at(-1)!.operation).to.equal('GendanStore');
  });

  it('changes nothing where the old store can have no second name, and says what to do', async () => {
    const before = [await store.entries(), store.rows(), readdirSync(folder)];
    const error = await whileFailing('linkSync', 'EPERM', here);
    expect(error).to.be.instanceOf(CommandFailed);
    expect((error as Error).message).to.match(/without hard links.*Move the store away.*without --replace/);
    expect([await store.entries(), store.rows(), readdirSync(folder)]).to.deep.equal(before);
    rmSync(store.file);
    expect(await whileFailing('linkSync', 'EPERM', here)).not.to.be.instanceOf(Error);
    expect(readdirSync(folder)).to.deep.equal(['pension.db']);
  });

  it('keeps a symbolic link, and the store where it leads', async () => {
    const link = path.join(tempDir(), 'link.db');
    symlinkSync(store.file, link);
    const { code, stderr } = await pension(['restore', file, '--replace'], {
      env: { PENSION_STORE: `sqlite:${link}` },
    });
    expect(code, stderr).to.equal(0);
    expect(readlinkSync(link)).to.equal(store.file);
    expect(asides()).to.have.length(1);
    expect((await store.entries()).at(-1)!.operation).to.equal('GendanStore');
  });

  it('puts a store aside that nobody can read, with its log, and leaves no log beside the new one', async () => {
    writeFileSync(store.file, 'damaged beyond '.repeat(1_000));
    writeFileSync(`${store.file}-wal`, 'its log');
    const { code, stdout, stderr } = await restore('--replace');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/put aside .* \(it could not be read\)/);
    const [aside] = asides();
    expect(readFileSync(path.join(folder, aside!), 'utf8')).to.match(/^damaged beyond /);
    expect(readFileSync(path.join(folder, `${aside}-wal`), 'utf8')).to.equal('its log');
    expect(existsSync(`${store.file}-wal`)).to.equal(false);
    expect((await run('verify-store')).code).to.equal(0);
  });

  it('keeps a log apart that was left without its store', async () => {
    rmSync(store.file);
    writeFileSync(`${store.file}-wal`, 'of the store that is gone');
    expect((await restore()).stderr).to.match(/With --replace/);
    expect((await restore('--replace')).code).to.equal(0);
    expect(asides()).to.have.length(1);
    expect(asides()[0]).to.match(/-wal$/);
    expect(store.rows()).to.have.length(1);
  });
});
