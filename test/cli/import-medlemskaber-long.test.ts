// `pension import medlemskaber` of long files: in little memory, with a bar on a terminal, and beside a service that
// goes on answering.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { PENSION, pension, startPension, worldEnv } from '../support/cli.ts';
import { writeRegister } from '../support/register-file.ts';
import { demoWorld, startTestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const AKASSER = ['11', '22', '31', '67'];
const LINES = 200_000;

describe('pension import medlemskaber of a long file', function () {
  this.slow(20_000);
  let env: Record<string, string>;
  let file: string;
  beforeEach(async () => {
    env = worldEnv(await demoWorld()); // with a new store
    file = path.join(tempDir(), 'medlemskaber.csv');
  });

  /** Less memory for the program than the lines would need if it held them. */
  const LITTLE = { NODE_OPTIONS: '--max-old-space-size=48' };

  it('takes little memory, and so does the report when every line is bad', async () => {
    writeRegister(file, { lines: LINES, akasser: AKASSER });
    const good = await pension(['import', 'medlemskaber', file], { env: { ...env, ...LITTLE } });
    expect(good).to.include({ code: 0, stdout: `new ${LINES}, changed 0, unchanged 0\n` });
    writeRegister(file, { lines: LINES, akasser: AKASSER, badOneIn: 1 });
    const errors = path.join(tempDir(), 'errors.csv');
    const bad = await pension(['import', 'medlemskaber', file, '--errors', errors], {
      env: { ...env, ...LITTLE },
    });
    expect(bad.code).to.equal(1);
    expect(bad.stderr).to.match(new RegExp(`has ${LINES} bad line`));
    expect(readFileSync(errors, 'utf8').split('\n')).to.have.length(LINES + 2);
  });

  it('shows a bar on a terminal', async function () {
    const run = promisify(execFile);
    await run('script', ['--version']).catch(() => this.skip()); // no terminal without util-linux
    writeRegister(file, { lines: 50_000, akasser: AKASSER });
    const line = `'${process.execPath}' '${PENSION}' import medlemskaber '${file}'`;
    const { stdout } = await run('script', ['-qec', line, '/dev/null'], { env: { ...process.env, ...env } });
    expect(stdout).to.match(/100 % \|/);
    expect(stdout).to.match(/new 50000, changed 0, unchanged 0/);
  });

  it('holds up no Save of a service on the same store: each is answered, and none with 1011', async () => {
    const service = await startTestService({ PENSION_STORE: env.PENSION_STORE! });
    try {
      writeRegister(file, { lines: LINES, akasser: AKASSER });
      const load = startPension(['import', 'medlemskaber', file], { env });
      let isRunning = true;
      void load.result.finally(() => {
        isRunning = false;
      });
      const save = JSON.stringify({
        personnummer: '2902610001',
        kompensationsudbetaling: { kompensationsafgoerelsesdato: '2026-01-01' },
      });
      const answers: unknown[] = [];
      while (isRunning) {
        const target = ['--as', 'udk', '--url', service.url, '--world', service.world];
        const { code, stderr } = await pension(['call', 'save', '-', ...target], { stdin: save });
        answers.push({ code, stderr });
      }
      expect((await load.result).stdout).to.match(/^new 200000,/);
      expect(answers).to.deep.equal(answers.map(() => ({ code: 0, stderr: '' })));
      expect(answers.length).to.be.greaterThan(2);
    } finally {
      await service.stop();
    }
  });
});
