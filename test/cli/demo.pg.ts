// `make run STORE=postgres`: the story of the demo on a private PostgreSQL whose data stay, and none of it left running.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';
import { needsPrivateServer } from '../support/postgres.ts';
import { tempDir } from '../support/temp.ts';

const ROOT = fileURLToPath(PACKAGE_ROOT);

describe('the demo on PostgreSQL', function () {
  this.timeout(120_000);
  const temp = tempDir();
  const dir = path.join(temp, 'world');

  before(function () {
    needsPrivateServer(this, 'R2');
    chmodSync(temp, 0o755); // root runs the server as somebody else
  });

  /** Runs the story to where it goes on serving, types a line of it in another terminal, and ends it. */
  async function tell(): Promise<{ story: string; typed: string }> {
    const { PENSION_STORE: _, ...env } = process.env;
    const demo = spawn(process.execPath, ['build/postgres/demo.ts', dir], {
      cwd: ROOT,
      env: { ...env, PENSION_PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'], // refusals are part of the story
    });
    const ended = once(demo, 'close');
    let story = '';
    for await (const text of demo.stdout.setEncoding('utf8')) {
      story += text;
      if (/may be deleted/.test(story)) break;
    }
    const line = /^\$ (\(.* npx pension outbox\))$/m.exec(story)?.[1];
    const shell = spawn('sh', ['-c', line ?? 'false'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const typed = (await shell.stdout.setEncoding('utf8').toArray()).join('');
    demo.kill('SIGTERM');
    const [code] = await ended;
    expect(code, story).to.equal(0);
    return { story, typed };
  }

  it('tells the story, and its lines can be typed again: they go to PostgreSQL, without a password', async () => {
    const { story, typed } = await tell();
    expect(story).to.match(/^PostgreSQL \d+ serves on 127\.0\.0\.1:/);
    expect(story).to.match(/saved +19\n/);
    expect(story).to.match(
      /PENSION_STORE='postgres:\/\/pension@127\.0\.0\.1:\d+\/pension'; npx pension outbox/,
    );
    expect(typed).to.match(/^67 .*waiting.*never polled/m);
    expect(existsSync(path.join(dir, 'pension.db')), 'nothing is in a file').to.equal(false);
  });

  it('goes on where it left off when it is run again', async () => {
    const { story } = await tell();
    expect(story).to.include('going on with it');
    expect(story).to.match(/saved +19\n/);
    expect(story).to.include('Nothing new');
  });

  it('leaves no server running', () => {
    expect(existsSync(path.join(dir, 'server/data/PG_VERSION'))).to.equal(true);
    expect(existsSync(path.join(dir, 'server/data/postmaster.pid'))).to.equal(false);
  });
});
