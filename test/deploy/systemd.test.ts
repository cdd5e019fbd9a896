// The units of the three processes: systemd takes them as they stand, and the lines in them do what they say.

import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { expect } from 'chai';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { unknownSettings } from '../../src/cli/unknown-settings.ts';
import { LIMITS } from '../../src/contract/limits.ts';
import { worldEnv } from '../support/cli.ts';
import { leaveOut } from '../support/left-out.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { freePort } from './nginx.ts';
import { commandOf, installedIn, runLine, UNITS, unitLines } from './unit.ts';

const SITE = readFileSync(new URL('deploy/nginx/pension.conf', PACKAGE_ROOT), 'utf8');
const EXAMPLE = fileURLToPath(new URL('deploy/env.example', PACKAGE_ROOT));

describe('the systemd units', function () {
  this.timeout(30_000);

  it('are taken by systemd, nothing in them is unknown to it', function () {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0)
      leaveOut(this, 'R11', 'there is no systemd-analyze');
    const folder = mkdtempSync(path.join(tempDir(), 'units-'));
    for (const unit of readdirSync(UNITS).filter((file) => /\.(service|target)$/.test(file)))
      copyFileSync(path.join(UNITS, unit), path.join(folder, unit));
    for (const port of [8081, 8082, 8083])
      copyFileSync(path.join(UNITS, 'pension@.service'), path.join(folder, `pension@${port}.service`));
    mkdirSync(path.join(folder, 'nginx.service.d'));
    copyFileSync(
      path.join(UNITS, 'nginx.service.d-pension.conf'),
      path.join(folder, 'nginx.service.d', 'pension.conf'),
    );
    writeFileSync(path.join(folder, 'nginx.service'), '[Service]\nExecStart=/bin/true\n');
    const units = readdirSync(folder).filter((file) => /^[^@]+(@[0-9]+)?\.(service|target)$/.test(file));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units.map((unit) => `./${unit}`)], {
      cwd: folder,
      encoding: 'utf8',
    });
    const ours = stderr.split('\n').filter((line) => line.includes('pension'));
    expect([status, ...ours]).to.deep.equal([0]);
  });

  it('say with which processes nginx works', () => {
    const wanted = /^Wants=(.*)$/m.exec(readFileSync(path.join(UNITS, 'pension.target'), 'utf8'))![1]!;
    const [, upstream] = /^upstream pension \{([^}]*)\}/m.exec(SITE)!;
    const ports = [...upstream!.matchAll(/127\.0\.0\.1:([0-9]+)/g)].map(([, port]) => port);
    expect(wanted.split(' ')).to.deep.equal(ports.map((port) => `pension@${port}.service`));
    expect([...SITE.matchAll(/\/run\/pension\/out-([0-9]+)/g)].map(([, port]) => port)).to.deep.equal(ports);
  });

  it('leave a process the time and the files that it needs', () => {
    const [seconds] = unitLines('TimeoutStopSec').map(Number);
    expect(seconds! * 1_000).to.be.above(LIMITS.stopGrace + LIMITS.stopCatchUp + LIMITS.stopTimeout + 1_000);
    expect(Number(unitLines('LimitNOFILE')[0])).to.be.above(LIMITS.maxSockets);
  });

  it('start a process with the settings of a file, say when it listens, and keep calls away before it stops', async () => {
    const run = tempDir();
    const port = await freePort();
    const [line] = unitLines('ExecStart');
    const [env, ...words] = commandOf(line!, port, run);
    // `pension serve` is found as it is where the package is installed; what is before it are settings.
    const settings = Object.fromEntries(
      words.slice(0, -2).map((word) => word.split('=') as [string, string]),
    );
    expect(words.slice(-2)).to.deep.equal(['pension', 'serve']);
    const installed = installedIn(path.join(run, 'bin'));
    const child = spawn(
      env!,
      [...words.slice(0, -2), `PENSION_METRICS=127.0.0.1:${await freePort()}`, ...words.slice(-2)],
      {
        env: {
          ...worldEnv(await demoWorld()),
          PENSION_TLS: 'proxy',
          PENSION_PORT: '1',
          PATH: `${installed}:/usr/bin:/bin`,
        },
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    try {
      expect(settings.PENSION_METRICS, 'one for each process').to.equal(`127.0.0.1:1${port}`);
      const out = path.join(run, `out-${port}`);
      await runLine('ExecStop', port, run);
      expect(existsSync(out)).to.equal(true);
      await runLine('ExecStartPost', port, run);
      expect(existsSync(out)).to.equal(false);
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).to.equal(200);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).to.equal(0);
  });

  it('come with an example of the settings that the service takes, and none that it does not know', async () => {
    const example = parseEnv(readFileSync(EXAMPLE, 'utf8')) as Record<string, string>;
    const world = worldEnv(await demoWorld());
    expect(unknownSettings(example)).to.deep.equal([]);
    const own = Object.keys(example).filter((name) => name.startsWith('PENSION_'));
    const files = Object.fromEntries(
      own.filter((name) => example[name]!.startsWith('/')).map((name) => [name, world[name]!]),
    );
    const read = readSettings({ ...example, ...files });
    expect(read.tls).to.not.equal('off');
    expect(example.PENSION_STORE).to.match(/^postgres:\/\/[^:]+@/, 'no password in it');
  });
});
