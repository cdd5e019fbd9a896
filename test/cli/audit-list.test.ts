// `pension audit list`: what is shown to whom, and what a look behind the mask leaves.

import { expect } from 'chai';
import { readKept } from '../store/sqlite/audit-kept.ts';
import { Trail } from './audit-trail.ts';

describe('pension audit list', () => {
  const trail = new Trail();
  before(() => trail.make());

  it('shows every entry in order, a line each, and then what is being gathered', async () => {
    const { code, stdout, stderr } = await trail.audit(['list']);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const numbers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(numbers).to.deep.equal([...trail.entries.map(({ seq }) => `#${seq}`), '#–', '#–', '#–']);
    // Nobody can write a line of their own, nor steer the terminal.
    expect(stdout)
      .to.contain('\\u{a}\\u{9}tab\\u{d}')
      .and.not.to.match(/[^\P{Cc}\n]|\u2028/u);
  });

  it('takes each filter by itself', async () => {
    const call = String(trail.entries[4]!.correlation_id);
    const later = trail.entries.filter(({ tidspunkt }) => String(tidspunkt) >= '2026-11-22T07:50:10');
    const refused = trail.having('fejlkode', 4575);
    const expected: readonly (readonly [string, readonly unknown[], string?])[] = [
      [`--personnummer ${trail.borger}`, trail.having('personnummer', trail.borger)],
      ['--personnummer -', trail.having('personnummer', trail.borger), `${trail.borger}\n`],
      [
        '--organisation 51:88888888 --operation GetTidligPension',
        trail.having('operation', 'GetTidligPension'),
      ],
      ['--code 1101', [...trail.having('fejlkode', 1101), undefined, undefined]],
      [`--correlation-id ${call.toUpperCase()}`, trail.having('correlation_id', call)],
      ['--from 2026-11-22T08:50:10', later.map(({ seq }) => seq)],
      ['--from 2026-11-22 --to 9999-12-31 --code 4575', refused],
      ['--last 4', [trail.entries.length, undefined, undefined, undefined]],
      ['--last 2 --code 4575', refused.slice(-2)],
      ['--last 999999999 --code 4575', refused],
    ];
    await Promise.all(
      expected.map(async ([args, seqs, stdin]) => {
        expect(
          (await trail.listed(args.split(' '), trail.file, stdin)).map(({ seq }) => seq),
          args,
        ).to.deep.equal(seqs);
      }),
    );
  });

  it('says so when there is none, in JSON too', async () => {
    expect(await trail.audit(['list', '--code', '1'])).to.include({
      code: 0,
      stdout: '',
      stderr: 'no entries\n',
    });
    expect(await trail.listed(['--code', '1'])).to.deep.equal([]);
  });

  it('masks every personnummer, and then leaves no entry', async () => {
    const file = trail.copy();
    const [text, json] = await Promise.all([
      trail.audit(['list'], file),
      trail.audit(['list', '--json'], file),
    ]);
    for (const { stdout } of [text, json]) {
      expect(stdout).to.contain(`${trail.borger.slice(0, 6)}-****`);
      expect(stdout).not.to.match(/\b[0-9]{6}-?[0-9]{4}\b(?!-)/);
    }
    expect(readKept(file).entries.size).to.equal(trail.entries.length);
  });

  it('with --reveal shows them, and has left one entry of that before', async () => {
    const file = trail.copy();
    const shown = await trail.listed(
      ['--reveal', '--personnummer', '-', '--code', '1013'],
      file,
      trail.borger,
    );
    expect(shown).to.deep.equal([]);
    const all = await trail.listed(['--reveal', '--operation', 'VisAudit'], file);
    const [first, second] = all.slice(-2);
    expect(first).to.include({ udfald: 'udfoert', system: 'pension', personnummer: trail.borger });
    expect(first!.userIdentifier).to.match(/^os:./);
    const masked = `${trail.borger.slice(0, 6)}-****`;
    expect(JSON.parse(first!.detaljer!)).to.deep.equal({
      reveal: true,
      personnummer: masked,
      fejlkode: 1013,
    });
    expect(JSON.parse(second!.detaljer!)).to.deep.equal({ reveal: true, operation: 'VisAudit' });
    expect(second).not.to.have.property('personnummer');
    expect(
      all.map(({ personnummer }) => personnummer),
      'in full',
    ).to.include(trail.borger);
    expect(await trail.audit(['verify'], file)).to.include({ code: 0, stderr: '' });
  });
});
