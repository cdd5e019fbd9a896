// Whose forløb an a-kasse may read: its members, and for 42 months those who have left for no other a-kasse.

import { expect } from 'chai';
import { decideLaeseadgang } from '../../src/domain/laeseadgang.ts';
import { nuvaerendeMedlemskab } from '../../src/domain/medlemskab.ts';
import { dag, FUSIONER, kode, medlem } from './medlemskaber.ts';

const judge = (
  caller: string,
  idag: string,
  list: readonly ReturnType<typeof medlem>[],
  tidligereMaaneder = 42,
) =>
  decideLaeseadgang(
    { omfang: 'egne-medlemmer', akasse: kode(caller), afloesere: FUSIONER, tidligereMaaneder },
    list,
    dag(idag),
  );
const may = (...args: Parameters<typeof judge>): boolean => judge(...args).ok;

describe('UDK and STAR', () => {
  it('may read every citizen, with any memberships or none', () => {
    for (const list of [[], [medlem('11', '2020-01-01')]])
      expect(decideLaeseadgang({ omfang: 'alle' }, list, dag('2026-11-22')).ok).to.equal(true);
  });
});

describe('an a-kasse may read', () => {
  it('its own member, on the first and the last day too', () => {
    const list = [medlem('11', '2020-01-01', '2026-11-22')];
    expect(may('11', '2020-01-01', list)).to.equal(true);
    expect(may('11', '2026-11-22', list)).to.equal(true);
  });

  it('a former member on the last day of the 42 months, and not the day after', () => {
    const list = [medlem('11', '2015-01-01', '2022-08-31')];
    expect(may('11', '2022-09-01', list)).to.equal(true);
    expect(may('11', '2026-02-28', list)).to.equal(true);
    expect(may('11', '2026-03-01', list)).to.equal(false);
  });

  it('a former member as long as the setting says', () => {
    const list = [medlem('11', '2015-01-01', '2026-08-31')];
    expect(may('11', '2026-09-30', list, 1)).to.equal(true);
    expect(may('11', '2026-10-01', list, 1)).to.equal(false);
    expect(may('11', '2026-09-01', list, 0)).to.equal(false);
  });

  it('a former member by any membership, not only the latest', () => {
    const list = [medlem('11', '2015-01-01', '2024-06-30'), medlem('22', '2024-07-01', '2025-12-31')];
    expect(may('11', '2026-11-22', list)).to.equal(true);
    expect(may('22', '2026-11-22', list)).to.equal(true);
    expect(may('67', '2026-11-22', list)).to.equal(false);
  });

  it('from the end that a next membership gave, not from one that was never registered', () => {
    const list = [medlem('11', '2015-01-01'), medlem('22', '2022-09-01', '2022-12-31')];
    expect(may('11', '2026-02-28', list)).to.equal(true);
    expect(may('11', '2026-03-01', list)).to.equal(false);
  });

  it('the members of an a-kasse that it has taken over, current and former', () => {
    expect(may('67', '2026-11-22', [medlem('31', '2020-01-01')])).to.equal(true);
    expect(may('67', '2026-11-22', [medlem('30', '2020-01-01', '2025-12-31')])).to.equal(true);
    expect(may('11', '2026-11-22', [medlem('31', '2020-01-01')])).to.equal(false);
  });
});

describe('an a-kasse may not read', () => {
  it('a former member who is now in another a-kasse, from the first day there', () => {
    const list = [medlem('11', '2015-01-01', '2026-06-30'), medlem('22', '2026-11-22')];
    expect(may('11', '2026-11-21', list)).to.equal(true);
    expect(may('11', '2026-11-22', list)).to.equal(false);
    expect(may('22', '2026-11-22', list)).to.equal(true);
  });

  it('someone who is a member from tomorrow; and that takes nothing from the former a-kasse', () => {
    const list = [medlem('11', '2015-01-01', '2026-06-30'), medlem('22', '2026-11-23')];
    expect(may('22', '2026-11-22', list)).to.equal(false);
    expect(may('11', '2026-11-22', list)).to.equal(true);
  });

  it('by a recalled membership, current or former', () => {
    const recalled = { tilbagekaldt: true };
    expect(may('11', '2026-11-22', [medlem('11', '2015-01-01', undefined, recalled)])).to.equal(false);
    expect(may('11', '2026-11-22', [medlem('11', '2015-01-01', '2026-06-30', recalled)])).to.equal(false);
  });

  it('someone who is kept away only by a recalled membership elsewhere: that one it may read', () => {
    const list = [
      medlem('11', '2015-01-01', '2026-06-30'),
      medlem('22', '2026-07-01', undefined, { tilbagekaldt: true }),
    ];
    expect(nuvaerendeMedlemskab(list, dag('2026-11-22'))).to.equal(undefined);
    expect(may('11', '2026-11-22', list)).to.equal(true);
  });

  it('a stranger, and gets the same refusal for one who is a member elsewhere, was long ago, or is unknown', () => {
    const verdicts = [[], [medlem('22', '2020-01-01')], [medlem('11', '2001-01-01', '2002-01-01')]].map(
      (list) => judge('11', '2026-11-22', list),
    );
    for (const verdict of verdicts) {
      expect(verdict).to.deep.equal(verdicts[0]);
      expect(verdict).to.have.nested.property('fejl.kode', 4575);
    }
  });
});
