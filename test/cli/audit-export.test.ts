// `pension audit export`, and its file verified elsewhere: by the program without a store, and by one of another maker.

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { verifyExport } from '../../src/cli/audit/verify-export.ts';
import type { AuditFilter } from '../../src/store/store.ts';
import { readKept } from '../store/sqlite/audit-kept.ts';
import { type CliResult, pension } from '../support/cli.ts';
import { tempDir } from '../support/temp.ts';
import { Trail } from './audit-trail.ts';

const FORMATS = ['jsonl', 'csv'] as const;
const PYTHON_VERIFIER = fileURLToPath(new URL('./audit-export.py', import.meta.url));

describe('pension audit export', () => {
  const trail = new Trail();
  before(() => trail.make());

  /** Writes an export to a file of its own, which must go well. */
  const exported = async (args: readonly string[] = [], store = trail.file): Promise<string> => {
    const file = path.join(tempDir(), 'trail.export');
    const result = await trail.audit(['export', '--out', file, ...args], store);
    expect(result).to.deep.equal({ code: 0, signal: null, stdout: '', stderr: '' });
    return file;
  };
  const written = (text: string | Uint8Array): string => {
    const file = path.join(tempDir(), 'changed.export');
    writeFileSync(file, text);
    return file;
  };
  /** As an auditor does, on a machine without a store. */
  const verify = (file: string, ...args: string[]): Promise<CliResult> =>
    pension(['audit', 'verify', '--export', file, ...args]);
  const lastSeal = (): string => {
    const [seal] = [...readKept(trail.file).seals.values()].slice(-1);
    return `${seal!.nr}:${seal!.hash}`;
  };

  for (const format of FORMATS) {
    describe(`as ${format}`, () => {
      let masked: string;
      let revealed: string;
      before(async () => {
        [masked, revealed] = await Promise.all([
          exported(['--format', format]),
          exported(['--format', format, '--reveal'], trail.copy()),
        ]);
      });

      it('of everything verifies elsewhere, masked and revealed, and says that it is everything', async () => {
        const [first, second] = await Promise.all([verify(masked), verify(revealed)]);
        expect(first.stdout).to.equal(
          `OK: ${trail.entries.length} entries, ${trail.entries.length - 9} of them under 3 seals\nlast seal ${lastSeal()}\n`,
        );
        expect(first.stderr).to.equal(
          `9 entries are under no seal: nothing in the file vouches for them\neverything up to seal 3, and nothing left out; where the trail is kept, pension audit verify --seal ${lastSeal()} says whether it is the same trail\n`,
        );
        expect(second).to.include({ code: 0 });
        expect(second.stdout, 'one more: this look').to.contain(`OK: ${trail.entries.length + 4} entries`);
      });

      it('masked holds no personnummer and no salt; revealed it holds them, for its owner only', async () => {
        const numbers = new Set(trail.entries.map(({ personnummer }) => personnummer).filter(Boolean));
        expect(numbers.size).to.be.above(4);
        const secrets = [...numbers, '290261-0001', '2902610002'].map(String);
        const salts = trail.entries.flatMap(({ salt }) => (salt ? [(salt as Buffer).toString('hex')] : []));
        for (const secret of [...secrets, ...salts]) {
          expect(readFileSync(masked, 'utf8'), 'masked').not.to.contain(secret);
          expect(readFileSync(revealed, 'utf8'), 'revealed').to.contain(secret);
        }
        expect(statSync(revealed).mode & 0o777).to.equal(0o600);
      });

      it('of a selection proves what is in it, and says that it cannot know what is not', async () => {
        const selections: readonly (readonly [AuditFilter, boolean])[] = [
          [{ equals: { personnummer: trail.borger } }, false],
          [{ equals: { operation: 'GetTidligPension' } }, true],
          [{ equals: { fejlkode: 1009 } }, false], // of which there is none
        ];
        for (const [filter, reveal] of selections) {
          const file = written(await trail.exported(format, filter, reveal));
          expect(await verifyExport(file))
            .to.deep.include({ isComplete: false })
            .with.nested.property('verdict.ok', true);
        }
        const one = await exported([
          '--format',
          format,
          '--personnummer',
          trail.borger,
          '--to',
          '9999-12-31',
        ]);
        const { code, stdout, stderr } = await verify(one);
        expect({ code }, stderr).to.deep.equal({ code: 0 });
        expect(stdout).to.match(/^OK: \d+ entries/);
        expect(stderr).to.match(
          /^a selection: what was left out of it cannot be known; where the trail is kept, pension audit verify --seal \d+:[0-9a-f]{64} says whether it is the same trail\n$/,
        );
      });

      it('verifies by a program that knows nothing but the description', async function () {
        if (spawnSync('python3', ['--version']).status !== 0) this.skip(); // no python3 on this machine
        const said = execFileSync('python3', [PYTHON_VERIFIER, masked], { encoding: 'utf8' });
        expect(said).to.equal(`${trail.entries.length} 9 3\n`);
        const changed = written(readFileSync(masked, 'utf8').replace('GetTidligPension', 'GetTidligPensioN'));
        const [seq] = trail.having('operation', 'GetTidligPension');
        const refused = spawnSync('python3', [PYTHON_VERIFIER, changed], { encoding: 'utf8' });
        expect(refused.stderr.trim()).to.equal(String(seq));
      });

      it('verifies with line ends as on Windows', async () => {
        const text = await trail.exported(format, { equals: { operation: 'VisAudit' } });
        const { verdict } = await verifyExport(written(text.replaceAll('\n', '\r\n')));
        expect(verdict).to.include({ ok: true });
      });

      it('that was cut off anywhere is said to be', async () => {
        const bytes = readFileSync(masked);
        for (const part of [0.1, 0.5, 0.9, 0.999]) {
          const file = written(bytes.subarray(0, Math.floor(bytes.length * part)));
          const error = await verifyExport(file).catch((thrown: Error) => thrown.message);
          expect(error, String(part)).to.match(/is cut off: its last line is missing/);
        }
      });
    });
  }

  it('goes to standard output too', async () => {
    const { code, stdout, stderr } = await trail.audit(['export']);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(await verify(written(stdout))).to.include({ code: 0 });
  });

  it('with --reveal leaves one entry of that before anything is written, and without it none', async () => {
    const copy = trail.copy();
    await exported([], copy);
    expect(readKept(copy).entries.size).to.equal(trail.entries.length);
    const file = await exported(['--reveal', '--code', '1013'], copy);
    const left = [...readKept(copy).entries.values()].filter(
      ({ operation }) => operation === 'EksporterAudit',
    );
    expect(left).to.have.length(1);
    expect(JSON.parse(String(left[0]!.detaljer))).to.deep.equal({ reveal: true, fejlkode: 1013 });
    expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[0]!).export.filter).to.deep.equal({
      fejlkode: 1013,
    });
  });

  it('names no personnummer as what was asked for', async () => {
    const file = await exported(['--personnummer', trail.borger, '--organisation', '2902610009']);
    const text = readFileSync(file, 'utf8');
    expect(text)
      .not.to.match(/290261|2902010/)
      .and.not.to.contain(trail.borger);
    expect(JSON.parse(text.split('\n')[0]!).export.filter).to.have.keys('personnummer', 'organisation');
  });

  it('is held against a seal that was noted, also one it does not hold', async () => {
    const file = written(await trail.exported('jsonl'));
    expect(await verify(file, '--seal', lastSeal())).to.include({ code: 0 });
    const { verdict } = await verifyExport(file, { nr: 2, hash: '0'.repeat(64) });
    expect(verdict)
      .to.have.property('grund')
      .that.matches(/^seal 2.* is not the one that was noted/);
    const later = await verify(file, '--seal', `9:${'0'.repeat(64)}`);
    expect(later.stderr).to.match(/agrees with itself, but does not hold seal 9/);
    expect(later.code).to.equal(1);
  });

  it('that is none is refused, whatever it is', async () => {
    const dir = tempDir();
    const jsonl = await trail.exported('jsonl');
    const with_ = (line: string): string => written(jsonl.replace('\n', `\n${line}\n`));
    const refused: readonly (readonly [string, RegExp])[] = [
      [path.join(dir, 'none'), /cannot be read/],
      [dir, /cannot be read/],
      [written(''), /is not an export/],
      [written('hello\n'), /is not an export/],
      [written('{"__proto__":{}}\n'), /is not an export/],
      [with_('{"__proto__":{}}'), /record 2 is not one of an export/],
      [with_('{"constructor":{}}'), /record 2 is not one of an export/],
      [with_('{"toString":{}}'), /record 2 is not one of an export/],
      [with_('{"entry":{"seq":1,"__proto__":{"version":1}}}'), /record 2 is not one of an export/],
      [with_('{"end":{"entries":0,"seals":0}}'), /record 3 is not one of an export/],
      [with_(jsonl.split('\n')[0]!), /record 2 is not one of an export/],
      [with_('[]'), /record 2 is not one of an export/],
      [with_('null'), /record 2 is not one of an export/],
      [with_(`{"entry":{"seq":1,"system":"${'x'.repeat(3_000_000)}"}}`), /record 2 is not one of an export/],
    ];
    for (const [file, message] of refused) {
      const error = await verifyExport(file).catch((thrown: Error) => thrown.message);
      expect(error, String(message)).to.match(message);
    }
    const { code, stderr } = await verify(path.join(dir, 'none'));
    expect(code).to.equal(1);
    expect(stderr).to.match(/^pension: .*none cannot be read: ENOENT.*\n$/);
  });
});
