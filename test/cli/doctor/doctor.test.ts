// `pension doctor` as its users run it: the lines, the exit code, beside a service and without, and that it leaves
// everything as it was.

import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { CHECKS, type Finding } from '../../../src/cli/doctor/check.ts';
import { type CliResult, pension, startServe } from '../../support/cli.ts';
import { newPatient, type Patient } from './patient.ts';

/** Every file below a folder, with what is in it and when it was written; SQLite's shared memory is no content. */
const everything = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => {
      const at = path.join(dir, name);
      const stat = statSync(at);
      const isContent = stat.isFile() && !name.endsWith('-shm');
      return [name, isContent ? `${stat.mtimeMs} ${stat.mode} ${readFileSync(at, 'hex')}` : 'there'];
    }),
  );

describe('pension doctor', () => {
  let patient: Patient;
  beforeEach(async () => {
    patient = await newPatient();
  });

  const doctor = (args: string[] = [], env: Record<string, string> = {}): Promise<CliResult> =>
    pension(['doctor', ...args], { env: { ...patient.env, ...env } });

  it('finds a demo world with its register all OK, one line for each check, in less than two seconds', async () => {
    const started = performance.now();
    const { code, stdout, stderr } = await doctor();
    expect(performance.now() - started).to.be.below(2_000);
    expect({ code, stderr }, stdout).to.deep.equal({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 20))).to.deep.equal(
      CHECKS.map((check) => `OK    ${check.padEnd(14)}`),
    );
    expect(lines.map((line) => line.slice(20, 23))).to.match(/^( {2}\S,?)+$/);
  });

  it('ends with 1 when anything fails, with the remedy in its line', async () => {
    rmSync(patient.file('server.key'));
    const { code, stdout, stderr } = await doctor([], { PENSION_LOG_LEVEL: 'loud' });
    expect(code).to.equal(1);
    expect(stderr).to.equal('pension: 2 of 12 findings are FAIL; each names its remedy.\n');
    const failed = stdout.split('\n').filter((line) => line.startsWith('FAIL'));
    expect(failed).to.have.length(2);
    for (const line of failed)
      expect(line).to.match(/^FAIL {2}(settings|certificate) +\S.*[^.]\. Remedy: [A-Z].*[^.]\.$/);
  });

  it('prints the same as JSON', async () => {
    const { code, stdout } = await doctor(['--json'], { PENSION_PORT: 'x' });
    const findings = JSON.parse(stdout) as Finding[];
    expect(code).to.equal(1);
    for (const { check, ok, says, remedy } of findings) {
      expect(CHECKS).to.include(check);
      expect(says).to.be.a('string').and.not.equal('');
      expect(remedy !== undefined, says).to.equal(!ok);
    }
    expect(findings.filter(({ ok }) => !ok).map(({ check }) => check)).to.deep.equal(['settings']);
  });

  it('needs no settings to say what is missing', async () => {
    const { code, stdout } = await pension(['doctor']);
    expect(code).to.equal(1);
    expect(stdout).to.match(/^FAIL {2}settings +PENSION_ORGANISATIONER is not set/m);
    expect(stdout).to.match(/^OK {4}clock/m);
  });

  it('changes nothing, whatever it finds', async () => {
    const before = everything(patient.dir);
    await doctor();
    await doctor(['--json'], { PENSION_PORT: 'x', PENSION_TLS_CA: '' });
    expect(everything(patient.dir)).to.deep.equal(before);
  });

  it('makes no store and no folder where there is none', async () => {
    const before = everything(patient.dir);
    await doctor([], { PENSION_STORE: `sqlite:${patient.file('not/yet/pension.db')}` });
    expect(everything(patient.dir)).to.deep.equal(before);
  });

  it('works beside a running service, without an entry in its trail', async () => {
    const serve = await startServe(patient.env);
    const { port } = new URL(serve.url);
    const before = everything(patient.dir);
    const { code, stdout } = await doctor([], { PENSION_PORT: port });
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(
      new RegExp(`^OK {4}address +this service answers at 127\\.0\\.0\\.1 port ${port}$`, 'm'),
    );
    expect(everything(patient.dir)).to.deep.equal(before);
    serve.signal('SIGTERM');
    expect((await serve.result).code).to.equal(0);
    expect((await doctor([], { PENSION_PORT: port })).code).to.equal(0);
  });

  it('leaves to the next start what a killed service left', async () => {
    const serve = await startServe(patient.env);
    // An entry that nobody has sealed, in the log beside the store.
    await pension(['call', 'get', '2902610001', '--url', serve.url, '--world', patient.dir]);
    serve.signal('SIGKILL');
    await serve.result;
    const before = everything(patient.dir);
    expect(before).to.include.keys('pension.db-wal');
    const { code, stdout } = await doctor();
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^OK {4}audit trail +1 entry is not sealed yet/m);
    expect(everything(patient.dir)).to.deep.equal(before);
  });
});
