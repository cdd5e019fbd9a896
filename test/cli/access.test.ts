// `pension access`: the policy as the service has it, for people and for machines, with settings or without any.

import { expect } from 'chai';
import { AFVISNINGER, OMFANG, TILLADTE_ORGANISATIONER } from '../../src/access/tilladte-organisationer.ts';
import { pension } from '../support/cli.ts';

/** A text on one line, however it was broken. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('pension access', () => {
  it('prints the table, what its words mean, and what is refused, without any settings', async () => {
    const { code, stdout, stderr } = await pension(['access']);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(/^operation +UDK +STAR +a-kasse +any other$/m);
    expect(stdout).to.match(/^SaveTidligPension +every citizen +every citizen +no \(1013\) +no \(4413\)$/m);
    expect(stdout).to.match(
      /^GetTidligPension +every citizen +every citizen +its own members +no \(4413\)$/m,
    );
    for (const { regler } of Object.values(OMFANG))
      for (const regel of Object.values(regler)) expect(flat(stdout)).to.include(regel);
    for (const { kode, naar } of Object.values(AFVISNINGER))
      expect(flat(stdout)).to.include(`${kode}: ${naar}`);
    expect(stdout).to.include('N is 42 calendar months (PENSION_FORMER_MONTHS, not set here: the default).');
    for (const line of stdout.split('\n')) expect(line.length).to.be.at.most(110);
  });

  it('says for how many months a former a-kasse may read where the setting is there, alone or with others', async () => {
    for (const more of [{}, { PENSION_PORT: 'none', PENSION_STORE: 'nowhere' }]) {
      const { code, stdout } = await pension(['access'], { env: { PENSION_FORMER_MONTHS: '6', ...more } });
      expect(code).to.equal(0);
      expect(stdout).to.include('N is 6 calendar months (PENSION_FORMER_MONTHS, as set here).');
    }
  });

  it('prints it as JSON', async () => {
    const { stdout } = await pension(['access', '--json'], { env: { PENSION_FORMER_MONTHS: '' } });
    const printed = JSON.parse(stdout);
    expect(printed).to.include({ formerMonths: 42, formerMonthsFrom: 'default' });
    expect(printed.operations).to.have.all.keys(Object.keys(TILLADTE_ORGANISATIONER));
    expect(printed.operations.GetTidligPension).to.deep.equal({
      udk: { scope: 'alle' },
      star: { scope: 'alle' },
      akasse: { scope: 'egne-medlemmer' },
      other: { errorCode: 4413 },
    });
    expect(printed.scopes['egne-medlemmer'].rules).to.deep.equal(
      Object.values(OMFANG['egne-medlemmer'].regler),
    );
    expect(printed.refusals).to.have.length(Object.keys(AFVISNINGER).length);
  });

  it('refuses a number of months that the service would refuse', async () => {
    const { code, stdout, stderr } = await pension(['access'], { env: { PENSION_FORMER_MONTHS: 'many' } });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(/PENSION_FORMER_MONTHS must be a whole number/);
  });
});
