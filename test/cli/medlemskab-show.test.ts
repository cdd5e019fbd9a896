// `pension medlemskab show`: what the register says of a citizen, in words, masked, and never without an audit entry.

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { systemPorts } from '../../src/domain/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type CliResult, pension, worldEnv } from '../support/cli.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const BORGER = '2902610001';
const HEADER = 'personnummer,akasse,start,slut,afgangsaarsag,efterloen,tilbagekaldt';

describe('pension medlemskab show', () => {
  let env: Record<string, string>;
  beforeEach(async () => {
    env = worldEnv(await demoWorld()); // with a new store
  });

  const load = async (...lines: string[]): Promise<void> => {
    const file = path.join(tempDir(), 'medlemskaber.csv');
    writeFileSync(file, `${[HEADER, ...lines].join('\n')}\n`);
    const { code, stderr } = await pension(['import', 'medlemskaber', file], { env });
    expect(code, stderr).to.equal(0);
  };
  const show = (...options: string[]): Promise<CliResult> =>
    pension(['medlemskab', 'show', '-', ...options], { env, stdin: `${BORGER}\n` });
  const shown = async (...options: string[]): Promise<string> => {
    const { code, stdout, stderr } = await show(...options);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return stdout;
  };
  const entries = async () => {
    const store = await openStore(env.PENSION_STORE!, systemPorts, { mustExist: true });
    const stored = await store.audit.entries({ after: 0, limit: 100 });
    await store.close();
    return stored.map(({ entry }) => entry);
  };

  it('explains the current a-kasse, and what closed the one before it', async () => {
    await load(
      `${BORGER},11,2010-01-01,,A,,`,
      `${BORGER},22,2020-01-01,,,2030-01-01,`,
      `${BORGER},67,2015-01-01,,,,true`,
    );
    const text = await shown();
    expect(text).to.match(/^290261-\*\*\*\* on \d{4}-\d{2}-\d{2}\n/);
    expect(text).to.match(/Current a-kasse: 22 .*, from 2020-01-01, without an end\n/);
    expect(text).to.match(/ {2}11 .*, 2010-01-01 to \(no end\): previous\n/);
    expect(text).to.match(/lasts until 2019-12-31, closed by the next membership \(22 from 2020-01-01\)\n/);
    expect(text).to.match(/exit reason A \(moved to another a-kasse\)\n/);
    expect(text).to.match(/ {2}67 .*: recalled: it does not count\n/);
    expect(text).to.match(/transition to efterløn 2030-01-01\n/);
    expect(text).to.match(/Told about a Save now: 22 .*, as the current a-kasse\n/);
    expect(text).to.match(/May read, as things stand:\n {2}22 .*, as the current a-kasse, without an end\n/);
    expect(text).to.not.match(/\d{10}/);
  });

  it('explains who is told and who may read when there is no current a-kasse', async () => {
    const ended = '2025-12-31';
    await load(`${BORGER},31,2010-01-01,${ended},U,,`);
    const text = await shown();
    expect(text).to.match(/Current a-kasse: none\n/);
    expect(text).to.match(
      /nobody yet, the besked waits; .* the latest previous membership has no date of efterløn/,
    );
    await load(`${BORGER},31,2010-01-01,${ended},U,2026-01-01,`);
    const released = await shown();
    expect(released).to.match(/merged: 67 .* stands in its place/);
    expect(released).to.match(/Told about a Save now: 67 .*; .* has a date of efterløn/);
    expect(released).to.match(/ {2}67 .*, as a former a-kasse, until 2029-06-30\n/);
    expect(released).to.match(/for 42 calendar months/);
    env.PENSION_FORMER_MONTHS = '1';
    expect(await shown()).to.match(/No a-kasse may read\.\n/);
  });

  it('explains a citizen of whom nothing is registered', async () => {
    await load();
    const text = await shown();
    expect(text).to.match(/No memberships are registered\./);
    expect(text).to.match(/nobody yet, the besked waits; no membership that counts has begun/);
  });

  it('prints the same as JSON', async () => {
    await load(`${BORGER},11,2010-01-01,,A,,`, `${BORGER},22,2020-01-01,,,,`);
    const { idag, ...rest } = JSON.parse(await shown('--json'));
    expect(idag).to.match(/^\d{4}-\d{2}-\d{2}$/);
    expect(rest).to.deep.equal({
      personnummer: '290261-****',
      medlemskaber: [
        {
          akasse: '11',
          start: '2010-01-01',
          afgangsaarsag: 'A',
          tilbagekaldt: false,
          stilling: 'tidligere',
          gaelderTil: '2019-12-31',
          lukketAf: { akasse: '22', start: '2020-01-01' },
        },
        { akasse: '22', start: '2020-01-01', tilbagekaldt: false, stilling: 'nuvaerende' },
      ],
      modtager: { akasse: '22', aarsag: 'nuvaerende-akasse' },
      laesere: [{ akasse: '22', som: 'nuvaerende' }],
    });
  });

  it('shows the number with --reveal only, and leaves an entry that says so each time', async () => {
    await load(`${BORGER},11,2010-01-01,,,,`);
    const before = (await entries()).length;
    await shown('--json');
    expect(await shown('--reveal')).to.match(new RegExp(`^${BORGER} on `));
    const left = (await entries()).slice(before);
    expect(left.map(({ detaljer }) => detaljer)).to.deep.equal(['{"reveal":false}', '{"reveal":true}']);
    for (const entry of left) {
      expect(entry).to.include({ operation: 'VisMedlemskab', personnummer: BORGER, system: 'pension' });
      expect(entry.userIdentifier).to.match(/^os:./);
    }
  });

  it('makes no store by looking, and takes only a personnummer', async () => {
    const none = await show();
    expect(none).to.include({ code: 1, stdout: '' });
    expect(none.stderr).to.match(/PENSION_STORE/);
    expect(existsSync(env.PENSION_STORE!.replace('sqlite:', ''))).to.equal(false);
    const wrong = await pension(['medlemskab', 'show', '290261-0001'], { env });
    expect(wrong).to.include({ code: 2, stdout: '' });
  });
});
