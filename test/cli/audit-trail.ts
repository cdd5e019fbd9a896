// Runs `pension audit …` on a trail of the fixtures, and on copies of it.

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { AuditEntry } from '../../src/access/audit/entry.ts';
import { makeTrail } from '../store/sqlite/audit-fixture.ts';
import { readKept } from '../store/sqlite/audit-kept.ts';
import { type CliResult, pension } from '../support/cli.ts';
import { tempDir } from '../support/temp.ts';

/** A small trail for the tests of a file, and what its rows say. */
export class Trail {
  file!: string;
  entries!: readonly Readonly<Record<string, unknown>>[];

  async make(): Promise<void> {
    this.file = await makeTrail(3);
    this.entries = [...readKept(this.file).entries.values()];
  }

  /** A citizen of whom it tells. */
  get borger(): string {
    return String(this.entries[0]!.personnummer);
  }

  /** A copy that a test may change. */
  copy(): string {
    const file = path.join(tempDir(), 'copy.db');
    copyFileSync(this.file, file);
    return file;
  }

  /** Numbers of the entries that hold a value. */
  having(column: string, value: unknown): unknown[] {
    return this.entries.filter((entry) => entry[column] === value).map(({ seq }) => seq);
  }

  /** Runs a command on it, or on another file. */
  audit(args: readonly string[], file = this.file, stdin = ''): Promise<CliResult> {
    return pension(['audit', ...args], { env: { PENSION_STORE: `sqlite:${file}` }, stdin });
  }

  /** What is listed, which must go well. */
  async listed(args: readonly string[], file = this.file, stdin = ''): Promise<AuditEntry[]> {
    const { code, stdout, stderr } = await this.audit(['list', '--json', ...args], file, stdin);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  }
}
