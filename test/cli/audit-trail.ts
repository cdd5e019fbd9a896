// Runs `pension audit …` on a trail of the fixtures, and on copies of it.

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { AuditEntry } from '../../src/access/audit/entry.ts';
import { exportLines } from '../../src/cli/audit/export.ts';
import { EXPORT_COLUMNS, toCsvLine } from '../../src/cli/audit/export-csv.ts';
import { toJsonLine } from '../../src/cli/audit/export-line.ts';
import { csvLine } from '../../src/cli/csv.ts';
import { openSqliteAudit } from '../../src/store/sqlite/index.ts';
import type { AuditFilter } from '../../src/store/store.ts';
import { makeTrail } from '../store/sqlite/audit-fixture.ts';
import { readKept } from '../store/sqlite/audit-kept.ts';
import { type CliResult, pension } from '../support/cli.ts';
import { NU } from '../support/store-fixtures.ts';
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
  /** What an export of it says, by the code below the command. */
  async exported(format: 'jsonl' | 'csv', filter: AuditFilter = {}, reveal = false): Promise<string> {
    const audit = openSqliteAudit(this.file);
    const described = filter.equals ?? {};
    let text = format === 'csv' ? csvLine(EXPORT_COLUMNS) : '';
    for await (const line of exportLines(audit, { now: NU, filter, described, reveal }))
      text += format === 'csv' ? toCsvLine(line) : toJsonLine(line);
    await audit.close();
    return text;
  }
}
