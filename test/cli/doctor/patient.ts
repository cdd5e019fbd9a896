// A healthy world of its own for each test of the doctor, to be broken: certificates, reference data, settings, and a
// store with the register imported.

import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { CheckName, Finding } from '../../../src/cli/doctor/check.ts';
import { checkDisk } from '../../../src/cli/doctor/disk.ts';
import { examine } from '../../../src/cli/doctor/examine.ts';
import { type Machine, thisMachine } from '../../../src/cli/doctor/machine.ts';
import { makeWorld } from '../../../src/cli/world/world.ts';
import { pension } from '../../support/cli.ts';

export interface Patient {
  readonly dir: string;
  /** The settings of it, on a port that is free. */
  readonly env: Record<string, string>;
  /** A file of it. */
  file(name: string): string;
  /** What the doctor finds, on a machine with a good disk where nothing else is said. */
  findings(
    env?: Readonly<Record<string, string | undefined>>,
    machine?: Partial<Machine>,
  ): Promise<Finding[]>;
}

const made: string[] = [];
process.once('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A new folder on a disk that the doctor finds well; the usual place for temporary files may be kept in memory. */
export function folderOnDisk(): string {
  const places = [tmpdir(), '/var/tmp', process.cwd()];
  const isGood = (place: string): boolean =>
    statSync(place, { throwIfNoEntry: false }) !== undefined &&
    checkDisk({ state: 'none', place: { kind: 'file', file: path.join(place, 'x') } }, thisMachine()).every(
      ({ ok }) => ok,
    );
  const dir = mkdtempSync(path.join(places.find(isGood) ?? tmpdir(), 'pension-test-'));
  made.push(dir);
  return dir;
}

/** The settings of the world in a folder. */
const envOf = (dir: string): Record<string, string> => ({
  PENSION_PORT: '0',
  PENSION_STORE: `sqlite:${path.join(dir, 'pension.db')}`,
  PENSION_TLS_CERT: path.join(dir, 'server.pem'),
  PENSION_TLS_KEY: path.join(dir, 'server.key'),
  PENSION_TLS_CA: path.join(dir, 'ca.pem'),
  PENSION_TLS_CRL: path.join(dir, 'crl.pem'),
  PENSION_ORGANISATIONER: path.join(dir, 'organisationer.json'),
});

let template: Promise<string> | undefined;

async function makeTemplate(): Promise<string> {
  const dir = path.join(folderOnDisk(), 'world');
  await makeWorld(dir, { now: new Date() });
  const { code, stderr } = await pension(['import', 'medlemskaber', path.join(dir, 'medlemskaber.csv')], {
    env: envOf(dir),
  });
  expect(code, stderr).to.equal(0);
  return dir;
}

/** A world of its own. */
export async function newPatient(): Promise<Patient> {
  template ??= makeTemplate();
  const dir = path.join(folderOnDisk(), 'world');
  cpSync(await template, dir, { recursive: true });
  const env = envOf(dir);
  return {
    dir,
    env,
    file: (name) => path.join(dir, name),
    findings: (changes = {}, machine = {}) =>
      examine({ ...healthyMachine({ ...env, ...changes }), ...machine }),
  };
}

const GIB = 1024 ** 3;

/** This machine, with a good disk. */
export const healthyMachine = (env: Machine['env']): Machine => ({
  ...thisMachine(),
  env,
  fileSystemOf: () => ({ kind: 0xef53, freeBytes: 100 * GIB }),
});

/** Every finding is OK. */
export function expectHealthy(findings: readonly Finding[]): void {
  expect(findings.filter(({ ok }) => !ok)).to.deep.equal([]);
}

/** Exactly one thing has failed, and what is said of it. */
export function expectOnly(
  findings: readonly Finding[],
  check: CheckName,
  says: RegExp,
  remedy: RegExp,
): void {
  const failed = findings.filter(({ ok }) => !ok);
  expect(
    failed.map((finding) => finding.check),
    JSON.stringify(failed),
  ).to.deep.equal([check]);
  expect(failed[0]!.says).to.match(says);
  expect(failed[0]!.remedy).to.match(remedy);
}

/** What is said of a thing that is well. */
export function saysOf(findings: readonly Finding[], check: CheckName): string {
  const [finding, ...others] = findings.filter((each) => each.check === check);
  expect(finding?.ok, JSON.stringify(finding)).to.equal(true);
  expect(others).to.deep.equal([]);
  return finding!.says;
}
