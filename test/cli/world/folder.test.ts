// A demo world is whole or not there, and nobody's files are lost to it.
import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import {
  certificateNames,
  makeWorld,
  WorldBusyError,
  WorldExistsError,
  WorldPathError,
  worldFileNames,
} from '../../../src/cli/world/world.ts';
import { tempFolder } from './temp.ts';

const now = new Date();
const WORLD = new URL('../../../src/cli/world/world.ts', import.meta.url).href;

describe('the folder of a demo world', () => {
  let folder: ReturnType<typeof tempFolder>;
  beforeEach(() => {
    folder = tempFolder();
  });
  afterEach(() => folder.remove());

  const place = (name: string, text: string) => writeFileSync(path.join(folder.dir, name), text);
  const list = () => readdirSync(folder.dir).sort();
  const refusal = (dir = folder.dir): Promise<Error> =>
    makeWorld(dir, { now }).then(
      () => expect.fail('a world was made'),
      (error) => error,
    );
  const assertWhole = () => {
    expect(list()).to.deep.equal([...worldFileNames].sort());
    const ca = new X509Certificate(folder.read('ca.pem'));
    for (const name of certificateNames) {
      expect(new X509Certificate(folder.read(`${name}.pem`)).verify(ca.publicKey), name).to.equal(true);
    }
  };

  it('holds every file of the world and nothing else, and each is reported', async () => {
    const { files } = await makeWorld(folder.dir, { now });
    assertWhole();
    expect(files).to.deep.equal(worldFileNames.map((name) => path.join(folder.dir, name)));
  });

  it('is made if need be, parents too', async () => {
    const dir = path.join(folder.dir, 'a', 'b');
    await makeWorld(dir, { now });
    expect(existsSync(path.join(dir, 'env'))).to.equal(true);
  });

  it('may hold other files, which stay', async () => {
    place('notes.txt', 'mine');
    await makeWorld(folder.dir, { now });
    expect(folder.read('notes.txt')).to.equal('mine');
    expect(list()).to.deep.equal([...worldFileNames, 'notes.txt'].sort());
  });

  it('is refused, with the remedy, when it holds a world, which stays as it was', async () => {
    await makeWorld(folder.dir, { now });
    const before = worldFileNames.map((name) => folder.read(name));
    const error = await refusal();
    expect(error).to.be.instanceOf(WorldExistsError);
    expect(error.message).to.contain(folder.dir).and.to.contain('choose another folder');
    expect(worldFileNames.map((name) => folder.read(name))).to.deep.equal(before);
    assertWhole();
  });

  for (const name of [...worldFileNames, 'pension.db']) {
    it(`is refused when it holds somebody's ${name}, which stays alone`, async () => {
      place(name, 'mine');
      const error = await refusal();
      expect(error).to.be.instanceOf(WorldExistsError);
      expect(error.message).to.contain(name);
      expect(folder.read(name)).to.equal('mine');
      expect(list()).to.deep.equal([name]);
    });
  }

  it('cannot be a file', async () => {
    place('file', '');
    expect(await refusal(path.join(folder.dir, 'file'))).to.be.instanceOf(WorldPathError);
    expect(await refusal(path.join(folder.dir, 'file', 'below'))).to.be.instanceOf(WorldPathError);
  });

  for (const moved of [0, 1, 12, worldFileNames.length - 1]) {
    it(`takes a second try after a kill with ${moved} files in place`, async () => {
      killedAfter(moved, folder.dir);
      expect(list().filter((name) => worldFileNames.includes(name))).to.have.length(moved);
      expect(list()).not.to.include('env');
      await makeWorld(folder.dir, { now });
      assertWhole();
    });
  }

  it('keeps a store that it finds beside the remains of a killed run', async () => {
    killedAfter(3, folder.dir);
    place('pension.db', 'mine');
    expect((await refusal()).message).to.contain('pension.db');
    expect(folder.read('pension.db')).to.equal('mine');
  });

  it('gets no file when one cannot be put in place', async () => {
    killedAfter(0, folder.dir);
    mkdirSync(path.join(folder.dir, 'star.key'));
    expect(await refusal()).to.have.property('code');
    expect(list().filter((name) => !name.startsWith('.'))).to.deep.equal(['star.key']);
    rmSync(path.join(folder.dir, 'star.key'), { recursive: true });
    await makeWorld(folder.dir, { now });
    assertWhole();
  });

  it('is refused when it holds a world beside the remains of a killed run', async () => {
    await makeWorld(folder.dir, { now });
    mkdirSync(path.join(folder.dir, '.pension-init-0-abcdef'));
    const before = folder.read('ca.pem');
    expect(await refusal()).to.be.instanceOf(WorldExistsError);
    expect(folder.read('ca.pem')).to.equal(before);
  });

  it('is refused while another process makes a world in it, until that must be dead', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      const staging = path.join(folder.dir, `.pension-init-${other.pid}-abcdef`);
      mkdirSync(staging);
      expect(await refusal()).to.be.instanceOf(WorldBusyError);
      expect(list()).to.deep.equal([path.basename(staging)]);
      const longAgo = new Date(Date.now() - 61_000);
      utimesSync(staging, longAgo, longAgo);
      await makeWorld(folder.dir, { now });
      assertWhole();
    } finally {
      other.kill();
    }
  });

  it('takes a second try after a dead run that had the same process number', async () => {
    mkdirSync(path.join(folder.dir, `.pension-init-${process.pid}-abcdef`));
    await makeWorld(folder.dir, { now });
    assertWhole();
  });

  it('never holds a mixture when several are made at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => makeWorld(folder.dir, { now })),
    );
    const made = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(made).to.be.at.most(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.name).to.match(/^World(Busy|Exists)Error$/);
    }
    if (made === 0) await makeWorld(folder.dir, { now });
    assertWhole();
  });
});

/** Runs `makeWorld` in a process that is killed before it moves the file after the first `moved`. */
function killedAfter(moved: number, dir: string): void {
  const program = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const rename = fs.rename;
    let left = ${moved};
    fs.rename = (...args) => (left-- === 0 ? process.kill(process.pid, 'SIGKILL') : rename(...args));
    syncBuiltinESMExports();
    const { makeWorld } = await import(${JSON.stringify(WORLD)});
    await makeWorld(${JSON.stringify(dir)}, { now: new Date() });
  `;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
  expect(signal, String(stderr)).to.equal('SIGKILL');
}
