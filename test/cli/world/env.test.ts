// `env` says the same to a shell, to Node and to whoever reads it line by line.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { makeWorld, WorldPathError } from '../../../src/cli/world/world.ts';
import { tempFolder } from './temp.ts';

const now = new Date();

describe('the env file of a demo world', () => {
  let folder: ReturnType<typeof tempFolder>;
  beforeEach(() => {
    folder = tempFolder();
  });
  afterEach(() => folder.remove());

  const expected = (dir: string) => ({
    PENSION_HOST: '127.0.0.1',
    PENSION_PORT: '8443',
    PENSION_STORE: `sqlite:${dir}/pension.db`,
    PENSION_TLS: 'on',
    PENSION_TLS_CERT: `${dir}/server.pem`,
    PENSION_TLS_KEY: `${dir}/server.key`,
    PENSION_TLS_CA: `${dir}/ca.pem`,
    PENSION_TLS_CRL: `${dir}/crl.pem`,
    PENSION_ORGANISATIONER: `${dir}/organisationer.json`,
  });

  for (const name of [
    'plain',
    'a b',
    "it's",
    'æøå',
    '#1',
    'a;b&c|d',
    '~',
    '*?[x]',
    '!!',
    '(x)',
    '%20=',
    'a  b ',
  ]) {
    it(`is read alike by a shell and by Node in a folder named '${name}'`, async () => {
      const dir = path.join(folder.dir, name);
      await makeWorld(dir, { now });
      const print = 'console.log(JSON.stringify(process.env))';
      const clean = { env: { PATH: process.env.PATH } };
      const shell = spawnSync(
        'sh',
        ['-c', 'set -a; . "$1/env"; exec "$2" -e "$3"', 'sh', dir, process.execPath, print],
        clean,
      );
      const node = spawnSync(process.execPath, [`--env-file=${path.join(dir, 'env')}`, '-e', print], clean);
      expect(JSON.parse(String(shell.stdout)), String(shell.stderr)).to.include(expected(dir));
      expect(JSON.parse(String(node.stdout)), String(node.stderr)).to.include(expected(dir));
    });
  }

  it('has bare KEY=value lines where the path is plain', async () => {
    await makeWorld(folder.dir, { now });
    const lines = Object.entries(expected(folder.dir)).map(([key, value]) => `${key}=${value}\n`);
    expect(folder.read('env')).to.equal(lines.join(''));
  });

  it('has absolute paths for a folder named relatively', async () => {
    const relative = path.relative(process.cwd(), folder.dir);
    await makeWorld(relative, { now });
    expect(folder.read('env')).to.contain(`PENSION_TLS_CA=${folder.dir}/ca.pem\n`);
    const error = await makeWorld(relative, { now }).catch((e) => e);
    expect(error.message).to.match(/^\//);
  });

  for (const bad of ['"', '$', '`', '\\', '\n', '\r', '\u0007']) {
    it(`is not written for a path that holds ${JSON.stringify(bad)}`, async () => {
      const error = await makeWorld(path.join(folder.dir, `a${bad}b`), { now }).catch((e) => e);
      expect(error).to.be.instanceOf(WorldPathError);
      expect(error.message).to.contain('choose another folder');
      expect(readdirSync(folder.dir)).to.deep.equal([]);
    });
  }
});
