// `pension audit list|verify|export`: the trail read, verified, and taken elsewhere.

import { type Command, Option } from 'commander';
import { checkStored } from '../../access/audit/digest.ts';
import type { OperatorEvent, StoredEntry } from '../../access/audit/entry.ts';
import { type Verdict, verifyTrail } from '../../access/audit/verify.ts';
import { systemPorts } from '../../domain/ports.ts';
import { openAudit } from '../../store/open-store.ts';
import type { AuditReader } from '../../store/store.ts';
import { exportLines } from '../audit/export.ts';
import { EXPORT_COLUMNS, toCsvLine } from '../audit/export-csv.ts';
import { toJsonLine } from '../audit/export-line.ts';
import { addFilterOptions, type DescribedFilter, type FilterOptions, readFilter } from '../audit/filter.ts';
import { describeEntry, listed, shown } from '../audit/list.ts';
import { readNotedSeal } from '../audit/noted-seal.ts';
import { newFile, OutputClosed, standardOutput } from '../audit/output.ts';
import { allEntries, allSeals } from '../audit/pages.ts';
import { verifyExport } from '../audit/verify-export.ts';
import { csvLine } from '../csv.ts';
import { operatorEntry } from '../operator.ts';
import { CommandFailed, say, UsageError } from '../outcome.ts';
import { type Progress, startProgress } from '../progress.ts';
import { readStoreSettings } from '../some-settings.ts';
import { openStoreOf } from '../store-of-settings.ts';

const REVEAL = 'show personnumre in full; that you did is itself an entry of the trail';

/** Adds the commands. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the audit trail: who did what');
  addFilterOptions(audit.command('list').description('print entries, oldest first'))
    .option('--last <number>', 'only the last so many of them')
    .option('--reveal', REVEAL)
    .option('--json', 'print them as a JSON array')
    .addHelpText(
      'after',
      '\nRefusals of strangers (1101, 1012) are gathered by the minute; those of this minute have no number yet.\n\nExample:\n  echo 2902610001 | pension audit list --personnummer - --from 2026-11-01',
    )
    .action(list);
  audit
    .command('verify')
    .description('verify that nothing in the trail was changed, removed, added or moved')
    .option('--export <file>', 'verify an exported file, on any machine, instead of the trail itself')
    .option('--seal <nr:hash>', 'and that the trail still holds a seal that was noted earlier')
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', '\nExample:\n  pension audit verify --seal 17:3f…e1')
    .action(verify);
  addFilterOptions(audit.command('export').description('write entries with the seals that vouch for them'))
    .addOption(
      new Option('--format <format>', 'JSON lines or CSV').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option('--out <file>', 'write to a new file, readable by its owner only, instead of standard output')
    .option('--reveal', REVEAL)
    .addHelpText(
      'after',
      '\nExample:\n  pension audit export --out trail.jsonl && pension audit verify --export trail.jsonl',
    )
    .action(exportTrail);
}

interface ListOptions extends FilterOptions {
  readonly last?: string;
  readonly reveal?: boolean;
  readonly json?: boolean;
}

async function list(options: ListOptions): Promise<void> {
  const { last, reveal = false, json = false } = options;
  if (last !== undefined && !/^[1-9][0-9]{0,8}$/.test(last))
    throw new UsageError('--last must be a number from 1.');
  const asked = await readFilter(options);
  const described = { ...asked.described, ...(last && { last: Number(last) }) };
  const look = reveal && ({ event: 'VisAudit', asked: { ...asked, described } } as const);
  await withTrail({ look }, async (audit) => {
    const output = standardOutput();
    let printed = 0;
    try {
      for await (const entry of listed(audit, asked.filter, last === undefined ? last : Number(last))) {
        const visible = shown(entry, reveal);
        const before = printed === 0 ? '[' : ',';
        await output.write(json ? `${before}\n${JSON.stringify(visible)}` : describeEntry(visible));
        printed += 1;
      }
      if (json) await output.write(printed === 0 ? '[]\n' : '\n]\n');
      await output.end();
    } catch (error) {
      if (!(error instanceof OutputClosed)) throw error; // whoever read it has seen enough
    }
    if (!json && printed === 0) say('no entries');
  });
}

interface VerifyOptions {
  readonly export?: string;
  readonly seal?: string;
  readonly json?: boolean;
}

async function verify({ export: file, seal, json = false }: VerifyOptions): Promise<void> {
  const noted = seal === undefined ? undefined : readNotedSeal(seal);
  if (file !== undefined) {
    const { verdict, isComplete } = await verifyExport(file, noted);
    report(
      verdict.ok ? { ...verdict, complete: isComplete } : verdict,
      json,
      'are under no seal: nothing in the file vouches for them',
      remarkOn(verdict, isComplete),
    );
    return;
  }
  await withTrail({ snapshot: true }, async (audit) => {
    const counters = await audit.counters();
    const progress = startProgress(counters.entries, 'entries');
    const verdict = await verifyTrail(
      { entries: checked(allEntries(audit), progress), seals: allSeals(audit), counters },
      noted,
    );
    progress.stop();
    const gathering = (await audit.gathering()).length;
    report(
      verdict,
      json,
      'are not sealed yet; a running service seals within seconds',
      gathering > 0 ? `${gathering} entries of this minute are still being gathered` : '',
    );
  });
}

async function* checked(entries: AsyncIterable<StoredEntry>, progress: Progress) {
  for await (const stored of entries) {
    if (stored.entry.seq % 1_000 === 0) progress.update(stored.entry.seq);
    yield checkStored(stored);
  }
}

/** Prints a verdict. Throws CommandFailed when it is that something was changed. */
function report(
  verdict: Verdict & { readonly complete?: boolean },
  json: boolean,
  unsealed: string,
  remark: string,
): void {
  if (json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
  if (!verdict.ok)
    throw new CommandFailed(`TAMPERED: the first bad entry is ${verdict.seq}: ${verdict.grund}.`);
  if (!json) {
    const { entries, seals, lastSeal } = verdict;
    process.stdout.write(
      `OK: ${entries} entries, ${entries - verdict.unsealed} of them under ${seals} seals\n`,
    );
    if (lastSeal !== undefined) process.stdout.write(`last seal ${lastSeal.nr}:${lastSeal.hash}\n`);
  }
  if (verdict.unsealed > 0) say(`${verdict.unsealed} entries ${unsealed}`);
  if (remark !== '') say(remark);
}

/** What an export proves; how far the trail goes, only the trail itself can say. */
function remarkOn(verdict: Verdict, isComplete: boolean): string {
  if (!verdict.ok || verdict.lastSeal === undefined) return '';
  const { nr, hash } = verdict.lastSeal;
  const what = isComplete
    ? `everything up to seal ${nr}, and nothing left out`
    : 'a selection: what was left out of it cannot be known';
  return `${what}; where the trail is kept, pension audit verify --seal ${nr}:${hash} says whether it is the same trail`;
}

interface ExportOptions extends FilterOptions {
  readonly format: 'jsonl' | 'csv';
  readonly out?: string;
  readonly reveal?: boolean;
}

async function exportTrail(options: ExportOptions): Promise<void> {
  const { format, out, reveal = false } = options;
  const asked = await readFilter(options);
  const output = out === undefined ? standardOutput() : newFile(out);
  try {
    await withTrail({ look: reveal && { event: 'EksporterAudit', asked }, snapshot: true }, async (audit) => {
      const progress = startProgress((await audit.counters()).entries, 'entries');
      if (format === 'csv') await output.write(csvLine(EXPORT_COLUMNS));
      for await (const line of exportLines(audit, { ...asked, now: systemPorts.now(), reveal })) {
        if ('entry' in line) progress.update(line.entry.seq);
        await output.write(format === 'csv' ? toCsvLine(line) : toJsonLine(line));
      }
      await output.end();
      progress.stop();
    });
  } catch (error) {
    output.discard();
    throw error;
  }
}

interface TrailOptions {
  /** A look behind the mask: its entry is kept before anything is shown. */
  readonly look?: false | { readonly event: OperatorEvent; readonly asked: DescribedFilter };
  /** Nothing that is written meanwhile is to be seen. */
  readonly snapshot?: boolean;
}

/** Opens the trail of the configured store for reading only. */
async function withTrail(
  { look = false, snapshot = false }: TrailOptions,
  work: (audit: AuditReader) => Promise<void>,
): Promise<void> {
  const settings = readStoreSettings(process.env);
  if (look !== false) {
    const { filter, described } = look.asked;
    const store = await openStoreOf(settings, { mustExist: true });
    const { personnummer } = filter;
    const detaljer = JSON.stringify({ reveal: true, ...described });
    try {
      await store.audit.record(
        operatorEntry(look.event, { detaljer, ...(personnummer && { personnummer }) }),
      );
    } finally {
      await store.close();
    }
  }
  const audit = await openAudit(settings.store, { snapshot });
  try {
    await work(audit);
  } finally {
    await audit.close();
  }
}
