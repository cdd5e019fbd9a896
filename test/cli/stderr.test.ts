// The lines of the log: none is forgotten at the end, and one that cannot be written does not end the service; what was
// lost is said when there is room again.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { gatherLines } from '../../src/cli/stderr.ts';
import { startPension, worldEnv } from '../support/cli.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const into = (file: string): string[] => ['sh', '-c', 'f=$1; shift; exec "$@" 2>>"$f"', 'sh', file];

describe('a log on a full disk', () => {
  it('keeps nobody from being served, nor the service from stopping as it should', async function () {
    if (process.platform !== 'linux') this.skip(); // no /dev/full elsewhere
    const env = { ...worldEnv(await demoWorld()), PENSION_TLS: 'off' };
    const serve = startPension(['serve'], { env, through: into('/dev/full') });
    const [, url] = await serve.sees('stdout', /^listening (\S+)\n/m);
    for (let count = 0; count < 3; count += 1)
      expect(await (await fetch(`${url}/nowhere`)).text()).to.include('no service');
    serve.signal('SIGTERM');
    expect((await serve.result).code).to.equal(0);
  });

  it('says how many lines are lost, on a line of its own, once lines can be written again', async function () {
    if (process.platform !== 'linux') this.skip(); // no limit on the size of a file by command there
    const file = path.join(tempDir(), 'log');
    const env = { ...worldEnv(await demoWorld()), PENSION_TLS: 'off', PENSION_LOG_LEVEL: 'info' };
    const serve = startPension(['serve'], { env, through: into(file) });
    const [, url] = await serve.sees('stdout', /^listening (\S+)\n/m);
    const limit = async (bytes: string): Promise<boolean> => {
      const { code } = await run(['prlimit', '--pid', String(serve.pid), `--fsize=${bytes}:`]);
      return code === 0;
    };
    while (!readFileSync(file, 'utf8').includes('"listening"')) await turn(); // which it says on stdout first
    // In the middle of the next line.
    if (!(await limit(String(readFileSync(file).length + 40)))) {
      serve.signal('SIGKILL');
      this.skip();
    }
    for (let count = 0; count < 3; count += 1) await fetch(`${url}/nowhere`);
    await limit('unlimited');
    await fetch(`${url}/nowhere`);
    serve.signal('SIGTERM');
    expect((await serve.result).code).to.equal(0);
    const lines = readFileSync(file, 'utf8').split('\n');
    const said = lines.find((line) => line.includes('are lost'))!;
    expect(JSON.parse(said)).to.include({ level: 'error', lost: 3 });
    expect(lines.at(-2)).to.include('stopped');
  });
});

describe('lines of the log', () => {
  it('of one turn of the event loop are written together, in order', async () => {
    const written: string[] = [];
    const { stream, flush } = gatherLines((text) => void written.push(text));
    for (const line of ['one\n', 'two\n', 'three\n']) stream.write(line);
    expect(written).to.deep.equal([]);
    await turn();
    expect(written).to.deep.equal(['one\ntwo\nthree\n']);
    stream.write('four\n');
    flush();
    flush();
    await turn();
    expect(written.slice(1)).to.deep.equal(['four\n']);
    for (const line of ['a', 'b', 'c'].map((letter) => `${letter.repeat(1_999)}\n`)) stream.write(line);
    await turn();
    expect(written.slice(2).map((text) => text.length)).to.deep.equal([4_000, 2_000]);
  });

  const log = new URL('../../dist/cli/log.js', import.meta.url);
  const ENDS: readonly (readonly [how: string, script: string])[] = [
    ['exits at once', 'process.exit(3)'],
    ['is ended by an error', "throw new Error('unforeseen')"],
    ['has nothing left to do', ''],
    ['closes the log', 'await log.close()'],
  ];
  for (const [how, script] of ENDS) {
    it(`are all there when the process ${how}`, () => {
      const said = spawnSync(process.execPath, [
        '--input-type=module',
        '--eval',
        `import { makeLog } from '${log}'; const log = makeLog('info'); log.info('one'); log.info('two'); ${script}`,
      ]).stderr.toString();
      expect(said.match(/"message":"\w+"/g)).to.deep.equal(['"message":"one"', '"message":"two"']);
    });
  }
});

/** Runs a command of the system to its end. */
const run = ([program, ...args]: readonly string[]): Promise<{ code: number | null }> =>
  new Promise((resolve) => {
    spawn(program!, args, { stdio: 'ignore' })
      .on('error', () => resolve({ code: null }))
      .on('close', (code) => resolve({ code }));
  });
