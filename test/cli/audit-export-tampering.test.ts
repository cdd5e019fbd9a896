// An export that is tampered with is found out, field by field and line by line, and the first bad entry is named where
// something is known of it.

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { verifyExport } from '../../src/cli/audit/verify-export.ts';
import { CommandFailed } from '../../src/cli/outcome.ts';
import { itRandomly } from '../domain/random.ts';
import { anyChance, type Chance } from '../store/sqlite/audit-tamperings.ts';
import { tempDir } from '../support/temp.ts';
import { Trail } from './audit-trail.ts';

type Line = Record<string, Record<string, unknown>>;

/** What came of a file: the number of the first bad entry, `refused` when it is no export any more, or `ok`. */
async function outcomeOf(text: string): Promise<number | 'refused' | 'ok'> {
  const file = path.join(tempDir(), 'changed.export');
  writeFileSync(file, text);
  try {
    const { verdict } = await verifyExport(file);
    return verdict.ok ? 'ok' : verdict.seq;
  } catch (error) {
    if (error instanceof CommandFailed) return 'refused';
    throw error;
  } finally {
    rmSync(file);
  }
}

/** Another value in a field, or a field more, or less. */
function changeField(object: Record<string, unknown>, chance: Chance): void {
  const key = chance.one([...Object.keys(object), 'userFullName', 'skjult', 'salt', 'version']);
  const own = object[key];
  const other = chance.one<unknown>([
    undefined,
    '',
    '0',
    null,
    1,
    `${own}0`,
    typeof own === 'number' ? own + 1 : 'x',
  ]);
  if (other === undefined) delete object[key];
  else object[key] = other;
}

describe('an export that is tampered with', () => {
  const trail = new Trail();
  const exports: Record<string, string> = {};
  before(async () => {
    await trail.make();
    for (const format of ['jsonl', 'csv'] as const) {
      exports[`masked ${format}`] = await trail.exported(format);
      exports[`revealed ${format}`] = await trail.exported(format, {}, true);
      const saves = { equals: { operation: 'SaveTidligPension' } };
      exports[`selection ${format}`] = await trail.exported(format, saves);
      const gets = { equals: { operation: 'GetTidligPension' } };
      exports[`revealed selection ${format}`] = await trail.exported(format, gets, true);
    }
  });
  const KINDS = ['masked jsonl', 'revealed jsonl', 'selection jsonl', 'revealed selection jsonl'];

  it('verifies as long as it is not', async () => {
    for (const [kind, text] of Object.entries(exports)) expect(await outcomeOf(text), kind).to.equal('ok');
  });

  /** Lines of an export in JSON, and how many of them lie before the last seal: nothing vouches for those behind it. */
  const linesOf = (kind: string) => {
    const lines = exports[kind]!.trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    return { lines, sealed: lines.findLastIndex((line) => 'seal' in line) };
  };
  const textOf = (lines: readonly Line[]): string =>
    lines.map((line) => `${JSON.stringify(line)}\n`).join('');

  itRandomly(
    'in a field is found out, and the entry is named, or the first one under a seal',
    fc.asyncProperty(fc.constantFrom(...KINDS), anyChance, async (kind, chance) => {
      const { lines, sealed } = linesOf(kind);
      const at = chance.one(lines.slice(1, sealed + 1).map((_, index) => index + 1));
      const line = lines[at]!;
      const before = JSON.stringify(line);
      changeField(line.entry ?? line.seal!, chance);
      fc.pre(JSON.stringify(line) !== before);
      const was = JSON.parse(before) as Line;
      const outcome = await outcomeOf(textOf(lines));
      expect(outcome, `${before} → ${JSON.stringify(line)}`).not.to.equal('ok');
      if (outcome === 'refused' || was.entry === undefined || line.entry?.seq !== was.entry.seq) return;
      expect(outcome, `${before} → ${JSON.stringify(line)}`).to.equal(was.entry.seq);
    }),
    200,
  );

  itRandomly(
    'by taking away, repeating or exchanging lines is found out',
    fc.asyncProperty(fc.constantFrom(...KINDS), anyChance, async (kind, chance) => {
      const { lines, sealed } = linesOf(kind);
      const inside = lines.map((_, index) => index).slice(0, sealed + 1);
      const [a, b] = [chance.one(inside), chance.one(inside)];
      const [before, isEntry] = [textOf(lines), 'entry' in lines[a]! && 'entry' in lines[b]!];
      const how = chance.one(['take', 'repeat', 'exchange']);
      if (how === 'take') lines.splice(a, 1);
      if (how === 'repeat') lines.splice(b, 0, lines[a]!);
      if (how === 'exchange') [lines[a], lines[b]] = [lines[b]!, lines[a]!];
      // Where among its entries a seal stands says nothing.
      fc.pre(textOf(lines) !== before && (how !== 'exchange' || isEntry));
      expect(await outcomeOf(textOf(lines)), `${how} ${a} ${b}`).not.to.equal('ok');
    }),
    200,
  );

  itRandomly(
    'in a byte is found out, in both forms',
    fc.asyncProperty(
      fc.constantFrom(...KINDS, ...KINDS.map((kind) => kind.replace('jsonl', 'csv'))),
      anyChance,
      async (kind, chance) => {
        const text = exports[kind]!;
        const [from, to] = [
          text.search(/\n(?:\{"entry"|entry)/) + 1,
          text.search(/\n(?:\{"seal":\{"nr":3|seal,.*,3,)/),
        ];
        const at =
          from + chance.one(Array.from({ length: (to < 0 ? text.length / 2 : to) - from }, (_, i) => i));
        const other = chance.one(['0', 'x', ' ', '"', ',', '\n', '', text[at]! + text[at]]);
        fc.pre(text[at] !== other && text[at] !== '\n');
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        expect(await outcomeOf(changed), `${text.slice(at - 20, at + 20)} at ${at} → ${other}`).not.to.equal(
          'ok',
        );
      },
    ),
    200,
  );

  it('by giving an entry a number that a seal in it stands for, behind that seal, is found out', async () => {
    const { lines, sealed } = linesOf('revealed selection jsonl');
    const { entries } = lines[sealed]!.seal as { entries: { seq: number }[] };
    const forged = { ...lines[1]!.entry!, seq: entries.at(-1)!.seq };
    const cut = [...lines.slice(0, sealed + 1), { entry: forged }];
    const count = cut.filter((line) => 'entry' in line).length;
    const end = { end: { entries: count, seals: lines.at(-1)!.end!.seals } };
    expect(await outcomeOf(textOf([...cut, end]))).to.equal(forged.seq);
  });
});
