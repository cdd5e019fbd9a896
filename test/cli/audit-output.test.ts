// Where the trail is written to may refuse it: a reader that has seen enough, a full disk, a file that is there already.
// None of that prints a stack, and no half of a file is left.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { makeTrail } from '../store/sqlite/audit-fixture.ts';
import { PENSION } from '../support/cli.ts';
import { tempDir } from '../support/temp.ts';

describe('the output of pension audit', () => {
  let trail: string;
  before(async () => {
    trail = await makeTrail(12); // more than a pipe holds
  });

  /** Runs a line of bash in which `$pension` is the command. */
  const shell = (script: string, store = trail) =>
    spawnSync('bash', ['--norc', '-c', `pension="${process.execPath} ${PENSION}"; ${script}`], {
      encoding: 'utf8',
      cwd: tempDir(),
      env: { PATH: process.env.PATH, PENSION_STORE: `sqlite:${store}` },
    });

  it('may be closed by its reader: a list is done then, an export is not whole', () => {
    const list = shell('$pension audit list --json | head -c 1; echo $PIPESTATUS');
    expect(list).to.include({ stdout: '[0\n', stderr: '' });
    const all = shell('$pension audit export | head -c 9; echo $PIPESTATUS');
    expect(all.stdout).to.equal('{"export"1\n');
    expect(all.stderr).to.equal('pension: standard output was closed before everything was written.\n');
  });

  it('may be on a full disk', function () {
    if (!existsSync('/dev/full')) this.skip(); // not a Linux
    for (const command of ['list', 'export']) {
      const { status, stderr } = shell(`$pension audit ${command} > /dev/full`);
      expect(status).to.equal(1);
      expect(stderr).to.match(/^pension: standard output cannot be written: ENOSPC.*\n$/);
    }
  });

  it('is a file that is whole or not there', () => {
    const { stdout, stderr } = shell(
      "trap '' XFSZ; ulimit -f 16; $pension audit export --out t; echo $?; ls",
    );
    expect(stdout, stderr).to.equal('1\n');
    expect(stderr).to.match(/^pension: t cannot be written: EFBIG.*\n$/);
  });

  it('is never a file that is there already, nor one that a link names', () => {
    const dir = tempDir();
    const [file, link] = [path.join(dir, 'file'), path.join(dir, 'link')];
    writeFileSync(file, 'mine');
    symlinkSync(path.join(dir, 'elsewhere'), link);
    for (const out of [file, link, path.join(dir, 'no', 'folder')]) {
      const { status, stdout, stderr } = shell(`$pension audit export --reveal --out ${out}`);
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
      expect(stderr).to.match(/^pension: .* cannot be made \(.*\); name a new file\.\n$/);
    }
    expect(readdirSync(dir)).to.deep.equal(['file', 'link']);
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
  });

  it('is there for one who may only read the store; not revealed, for that leaves an entry', function () {
    const dir = path.join(tempDir(), 'read-only');
    mkdirSync(dir);
    const store = path.join(dir, 'pension.db');
    copyFileSync(trail, store);
    chmodSync(store, 0o400);
    const less = process.getuid?.() === 0 ? 'setpriv --bounding-set=-all --inh-caps=-all ' : '';
    if (less !== '' && shell(`${less}true`).status !== 0) this.skip(); // no setpriv on this machine, and root
    const [masked, revealed] = ['', '--reveal'].map((option) =>
      shell(`${less}$pension audit list --last 1 --code 1013 ${option}`, store),
    );
    expect({ status: masked!.status }, masked!.stderr).to.deep.equal({ status: 0 });
    expect(masked!.stdout).to.contain('refused 1013');
    expect(revealed).to.include({ status: 1, stdout: '' });
    expect(revealed!.stderr).to.match(/^pension: PENSION_STORE: the store .* cannot be opened: .*\n$/);
  });
});
