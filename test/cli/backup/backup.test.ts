// `pension backup`: what it makes and says, what it refuses, and what it leaves in the trail.

import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { demandSpace } from '../../../src/cli/backup/files.ts';
import { makeBackup } from '../../../src/cli/backup/make.ts';
import { CommandFailed, UsageError } from '../../../src/cli/outcome.ts';
import { nameNew } from '../../../src/store/sqlite/files.ts';
import { type CliResult, pension } from '../../support/cli.ts';
import { overwritten, rootsOf } from '../../support/damage.ts';
import { whileFailing } from '../../support/failing-fs.ts';
import { member } from '../../support/queue.ts';
import { tempDir } from '../../support/temp.ts';
import { Filled } from '../outbox/filled.ts';

const NU = new Date(Date.now() - 1_800_000);

describe('pension backup', () => {
  let store: Filled;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    store = new Filled();
    folder = tempDir();
    file = path.join(folder, 'backup.db');
    await store.register(NU, '22', 1);
    await store.save(NU, member('22', 1));
  });
  const backup = (...args: string[]): Promise<CliResult> =>
    pension(['backup', ...args], { env: { PENSION_STORE: store.address } });

  it('makes one whole file that only its owner can read, and says what it holds', async () => {
    const { code, stdout, stderr } = await backup(file, '--json');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const said = JSON.parse(stdout);
    expect(said).to.deep.include({ file, forloeb: 1, versions: 1, beskeder: 1, medlemskaber: 1, failed: [] });
    expect(said.bytes).to.equal(statSync(file).size);
    expect(said.sha256).to.equal(createHash('sha256').update(readFileSync(file)).digest('hex'));
    expect(said.lastSeal).to.match(/^\d+:[0-9a-f]{64}$/);
    // It can be read where nothing can be written, and leaves nothing behind.
    chmodSync(file, 0o400);
    const verified = await pension(['verify-store', file, '--seal', said.lastSeal]);
    expect(verified, verified.stderr).to.include({ code: 0, stderr: '' });
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
  });

  it('holds what is in the log alone, of a store that is in use', async () => {
    const service = new Database(store.file);
    service.exec("INSERT INTO medlemskab VALUES ('2902630077', '11', '2020-01-01', NULL, NULL, NULL, 0)");
    const { stdout } = await backup(file, '--json');
    expect(JSON.parse(stdout)).to.include({ medlemskaber: 2 });
    service.close();
  });

  it('leaves an entry before the copy, which has it too, and one with its digest before it has its name', async () => {
    const { stdout } = await backup(file, '--json');
    const { sha256, bytes, entries: poster, lastSeal: segl } = JSON.parse(stdout);
    const [begun, done, ...more] = (await store.entries()).slice(-2);
    expect(more).to.deep.equal([]);
    expect([begun!.operation, done!.operation]).to.deep.equal(['TagSikkerhedskopi', 'TagSikkerhedskopi']);
    expect(begun!.correlationId).to.equal(done!.correlationId);
    expect(begun!.userIdentifier).to.match(/^os:./);
    expect(JSON.parse(begun!.detaljer!)).to.deep.equal({ trin: 'paabegyndt', fil: file });
    expect(JSON.parse(done!.detaljer!)).to.deep.equal({
      trin: 'faerdig',
      fil: file,
      bytes,
      sha256,
      poster,
      segl,
    });
    expect(begun!.seq, 'the copy goes up to the first of them').to.equal(poster);
  });

  it('says in the trail where the file is, also when it was named from a folder', async () => {
    const relative = await pension(['backup', 'backup.db'], {
      env: { PENSION_STORE: store.address },
      cwd: folder,
    });
    expect(relative.code, relative.stderr).to.equal(0);
    const named = (await store.entries()).slice(-2).map(({ detaljer }) => JSON.parse(detaljer!).fil);
    expect(named).to.deep.equal([file, file]);
  });

  it('refuses a file that is there, and replaces it only when asked to and with a whole one; says to people what it holds', async () => {
    writeFileSync(file, 'an older backup');
    const refused = await backup(file);
    expect(refused).to.include({ code: 1, stdout: '' });
    expect(refused.stderr).to.match(/backup\.db is there already.*--replace/);
    expect(readFileSync(file, 'utf8')).to.equal('an older backup');
    const replaced = await backup(file, '--replace');
    expect(replaced.code, replaced.stderr).to.equal(0);
    expect(replaced.stdout).to.match(
      /^\/.*backup\.db\nschema {6}\d{4}-\S+\nholds {7}1 forløb, 1 versions, 1 beskeder, 1 memberships\ngoes up to {2}audit entry \d+ of 20\S+Z\nlast seal {3}\d+:[0-9a-f]{64}\nsize {8}\d+ bytes\nsha256 {6}[0-9a-f]{64}\nverified {4}\d+ checks OK\n$/,
    );
    expect(readFileSync(file, 'latin1')).to.match(/^SQLite format 3/);
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
    expect(
      (await store.entries()).filter(({ operation }) => operation === 'TagSikkerhedskopi'),
    ).to.have.length(2);
  });

  it('refuses the store itself under every name, its log, a folder, and a folder that is not there', async () => {
    const [linked, symbolic] = [path.join(folder, 'linked.db'), path.join(folder, 'symbolic.db')];
    linkSync(store.file, linked);
    symlinkSync(store.file, symbolic);
    mkdirSync(path.join(folder, 'folder'));
    const before = readFileSync(store.file);
    const refused: readonly (readonly [string, typeof UsageError | typeof CommandFailed, RegExp])[] = [
      [store.file, UsageError, /is the store itself/],
      [`${store.file}-wal`, UsageError, /is the store itself/],
      [`${store.file}-journal`, UsageError, /is the store itself/],
      [`${path.dirname(store.file)}/./pension.db`, UsageError, /is the store itself/],
      [linked, UsageError, /is the store itself/],
      [symbolic, UsageError, /is the store itself/],
      [path.join(folder, 'folder'), CommandFailed, /is not a file/],
      [path.join(folder, 'none', 'backup.db'), CommandFailed, /There is no folder .*none; make it first/],
    ];
    for (const [name, kind, says] of refused) {
      const asked = { address: store.address, file: name, replace: true, anyway: false };
      const error = await makeBackup({ ...asked, onCheck: () => undefined }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error, name).to.be.instanceOf(kind);
      expect((error as Error).message, name).to.match(says);
    }
    expect(readFileSync(store.file).equals(before)).to.equal(true);
  });

  it('does not begin where there is not enough room', () => {
    expect(() => demandSpace(file, 2 ** 60)).to.throw(
      CommandFailed,
      /has not enough room: \d+\.\d MiB are needed and \d+\.\d MiB are free/,
    );
    expect(() => demandSpace(file, 1)).not.to.throw();
  });

  it('leaves nothing when it cannot be written to its end, and says so', async () => {
    const size = Math.floor(statSync(store.file).size / 1024 / 2);
    const { code, stdout, stderr } = await pension(['backup', file], {
      env: { PENSION_STORE: store.address },
      through: ['sh', '-c', `ulimit -f ${size * 2}; exec "$@"`, 'sh'],
    });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(/^pension: .*backup\.db cannot be written: .*\. No backup was made\.\n$/);
    expect(readdirSync(folder)).to.deep.equal([]);
    expect((await pension(['verify-store'], { env: { PENSION_STORE: store.address } })).code).to.equal(0);
  });

  it('says that there is no store, and makes none', async () => {
    const none = path.join(folder, 'none.db');
    const { code, stderr } = await pension(['backup', file], { env: { PENSION_STORE: `sqlite:${none}` } });
    expect(code).to.equal(1);
    expect(stderr).to.match(/there is no store/);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is of a store in a file: for PostgreSQL it names what is, and so does a restore, and neither shows the password', async () => {
    expect((await backup(file)).code).to.equal(0);
    const env = { PENSION_STORE: 'postgres://pension:s3cret@127.0.0.1:1/pension' };
    for (const args of [
      ['backup', path.join(folder, 'another.db')],
      ['restore', file, '--replace'],
    ]) {
      const { code, stdout, stderr } = await pension(args, { env });
      expect({ code, stdout }, args[0]).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr, args[0]).to.match(
        /^pension: .*for a store in a file\. Use PostgreSQL's own backup: docs\/deployment\.md says how\.\n$/,
      );
      expect(stderr).to.not.include('s3cret');
    }
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
  });

  it('makes none of a store that does not pass, and says why; anyway, when asked to, with an entry that tells', async () => {
    const db = new Database(store.file);
    db.exec('DROP TRIGGER besked_is_never_deleted');
    db.close();
    const refused = await backup(file);
    expect(refused).to.include({ code: 1, stdout: '' });
    expect(refused.stderr).to.match(
      /^FAIL schema .*\n +trigger besked_is_never_deleted is missing\npension: The copy does not pass schema/,
    );
    expect(readdirSync(folder)).to.deep.equal([]);
    const { code, stdout } = await backup(file, '--anyway');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^verified {4}does not pass schema$/m);
    expect(JSON.parse((await store.entries()).at(-1)!.detaljer!).afvigelser).to.deep.equal(['schema']);
  });

  it('makes none of a store that cannot keep its entry, and says why', async () => {
    const damaged = overwritten(store.file, rootsOf(store.file).get('audit_entry')!);
    const { code, stdout, stderr } = await pension(['backup', file], {
      env: { PENSION_STORE: `sqlite:${damaged}` },
    });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(/^pension: No backup was made: the store is damaged, or .*\.\n$/);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is made where there are no hard links too, and takes no name that is there', async () => {
    const make = () =>
      makeBackup({ address: store.address, file, replace: false, anyway: false, onCheck: () => undefined });
    await whileFailing('linkSync', 'EPERM', make);
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
    expect(readFileSync(file, 'latin1')).to.match(/^SQLite format 3/);
    const [whole, name] = [path.join(folder, 'whole'), path.join(folder, 'name')];
    writeFileSync(whole, 'new');
    symlinkSync('nowhere', name);
    const error = await whileFailing('linkSync', 'EPERM', () => nameNew(whole, name)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: 'EEXIST' });
    expect(readFileSync(whole, 'utf8')).to.equal('new');
  });

  it('says that it is there when only its name could not be flushed', async () => {
    const asked = { address: store.address, file, replace: true, anyway: false, onCheck: () => undefined };
    const error = await whileFailing(
      'fsyncSync',
      'EIO',
      () => makeBackup(asked).catch((thrown: unknown) => thrown),
      () => existsSync(file),
    );
    expect(error).to.be.instanceOf(CommandFailed);
    expect((error as Error).message).to.match(
      /backup\.db is made, but its folder could not be flushed \(EIO.*the name may be as it was/,
    );
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
  });

  it('is made where a folder cannot be flushed at all', async () => {
    const asked = { address: store.address, file, replace: false, anyway: false, onCheck: () => undefined };
    await whileFailing(
      'fsyncSync',
      'EINVAL',
      () => makeBackup(asked),
      (descriptor) => fstatSync(descriptor).isDirectory(),
    );
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
  });

  it('takes what a backup that was killed has left for nothing but that', async () => {
    copyFileSync(store.file, `${file}.partial`);
    writeFileSync(`${file}.partial-wal`, 'of another');
    expect((await backup(file)).code).to.equal(0);
    expect(readdirSync(folder)).to.deep.equal(['backup.db']);
  });
});
