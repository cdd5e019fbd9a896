// The policy table, held to the words of the specification, and each rule that it states in words to an example.

import { expect } from 'chai';
import {
  AFVISNINGER,
  OMFANG,
  ORGANISATIONSARTER,
  TIDLIGERE_MAANEDER,
  TILLADTE_ORGANISATIONER,
} from '../../src/access/tilladte-organisationer.ts';
import { SETTING_DOCS } from '../../src/cli/setting-docs.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { FEJLKATALOG } from '../../src/contract/fejlkatalog.ts';
import { SERVICES } from '../../src/contract/names.ts';
import { decideLaeseadgang, type Laeseadgang } from '../../src/domain/laeseadgang.ts';
import type { Medlemskab } from '../../src/domain/medlemskab.ts';
import { dag, FUSIONER, kode, medlem } from '../domain/medlemskaber.ts';

describe('the policy table', () => {
  it('says what the specification says', () => {
    expect(TILLADTE_ORGANISATIONER).to.deep.equal({
      SaveTidligPension: { udk: 'alle', star: 'alle', akasse: 1013, other: 4413 },
      GetTidligPension: { udk: 'alle', star: 'alle', akasse: 'egne-medlemmer', other: 4413 },
      CreateSequence: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
      CloseSequence: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
      TerminateSequence: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
      GetTidligPensionVersion1: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
    });
  });

  it('has every operation of every service, and a cell for every kind of organisation', () => {
    const operations = SERVICES.flatMap((service) => service.operations.map(({ name }) => name));
    expect(TILLADTE_ORGANISATIONER).to.have.all.keys(operations);
    for (const celler of Object.values(TILLADTE_ORGANISATIONER))
      expect(celler).to.have.all.keys(Object.keys(ORGANISATIONSARTER));
  });

  it('refuses by codes that it explains, and that are sent', () => {
    const explained = new Set<number>(Object.values(AFVISNINGER).map(({ kode }) => kode));
    const used = Object.values(TILLADTE_ORGANISATIONER).flatMap((celler) => Object.values(celler));
    for (const celle of used) {
      if (typeof celle === 'number') expect(explained).to.include(celle);
      else expect(OMFANG).to.have.property(celle);
    }
    for (const { kode } of Object.values(AFVISNINGER))
      expect(FEJLKATALOG[kode]).to.not.have.property('reserveret');
  });

  it('names the months that the setting has when it is not set', () => {
    const { setting, default: months } = TIDLIGERE_MAANEDER;
    expect(SETTING_DOCS.find(({ name }) => name === setting)?.default).to.equal(String(months));
    expect(readSettings({ PENSION_TLS: 'off', PENSION_ORGANISATIONER: 'x' }).formerMonths).to.equal(months);
  });
});

type Regel = keyof (typeof OMFANG)['egne-medlemmer']['regler'];

/** An example of a rule: memberships, the day, and which of the a-kasser 11, 22 and 67 may read. */
interface Example {
  readonly medlemskaber: readonly Medlemskab[];
  readonly idag: string;
  readonly maaLaese: readonly string[];
}

const left11 = (slut: string) => medlem('11', '2010-01-01', slut);

/** Two or more examples of each rule: one on each side of what it says. */
const EXAMPLES: Readonly<Record<Regel, readonly Example[]>> = {
  nuvaerende: [
    { medlemskaber: [medlem('11', '2026-03-01', '2026-03-31')], idag: '2026-03-01', maaLaese: ['11'] },
    { medlemskaber: [medlem('11', '2026-03-01', '2026-03-31')], idag: '2026-03-31', maaLaese: ['11'] },
    { medlemskaber: [medlem('11', '2026-03-01', '2026-03-31')], idag: '2026-02-28', maaLaese: [] },
  ],
  tidligere: [
    { medlemskaber: [left11('2022-08-31')], idag: '2026-02-28', maaLaese: ['11'] },
    { medlemskaber: [left11('2022-08-31')], idag: '2026-03-01', maaLaese: [] },
    { medlemskaber: [left11('2022-08-15')], idag: '2026-02-15', maaLaese: ['11'] },
    { medlemskaber: [left11('2022-08-15')], idag: '2026-02-16', maaLaese: [] },
  ],
  'andet-medlemskab': [
    {
      medlemskaber: [left11('2025-12-31'), medlem('22', '2026-03-01')],
      idag: '2026-02-28',
      maaLaese: ['11'],
    },
    {
      medlemskaber: [left11('2025-12-31'), medlem('22', '2026-03-01')],
      idag: '2026-03-01',
      maaLaese: ['22'],
    },
  ],
  slut: [
    {
      medlemskaber: [medlem('11', '2010-01-01'), medlem('22', '2022-09-01', '2022-09-30')],
      idag: '2026-02-28',
      maaLaese: ['11', '22'],
    },
    {
      medlemskaber: [medlem('11', '2010-01-01'), medlem('22', '2022-09-01', '2022-09-30')],
      idag: '2026-03-01',
      maaLaese: ['22'],
    },
    {
      medlemskaber: [medlem('11', '2010-01-01'), medlem('22', '2022-09-01', '2022-09-30')],
      idag: '2026-03-31',
      maaLaese: [],
    },
  ],
  afloeser: [
    { medlemskaber: [medlem('31', '2010-01-01')], idag: '2026-03-01', maaLaese: ['67'] },
    { medlemskaber: [medlem('30', '2010-01-01', '2025-12-31')], idag: '2026-03-01', maaLaese: ['67'] },
  ],
  tilbagekaldt: [
    {
      medlemskaber: [medlem('11', '2010-01-01', undefined, { tilbagekaldt: true })],
      idag: '2026-03-01',
      maaLaese: [],
    },
    {
      medlemskaber: [
        medlem('11', '2010-01-01'),
        medlem('22', '2020-01-01', undefined, { tilbagekaldt: true }),
      ],
      idag: '2026-03-01',
      maaLaese: ['11'],
    },
  ],
  ellers: [
    { medlemskaber: [], idag: '2026-03-01', maaLaese: [] },
    { medlemskaber: [medlem('12', '2010-01-01')], idag: '2026-03-01', maaLaese: [] },
  ],
};

describe('each rule in words', () => {
  const judge = (akasse: string, { medlemskaber, idag }: Example) => {
    const adgang: Laeseadgang = {
      omfang: 'egne-medlemmer',
      akasse: kode(akasse),
      afloesere: FUSIONER,
      tidligereMaaneder: TIDLIGERE_MAANEDER.default,
    };
    return decideLaeseadgang(adgang, medlemskaber, dag(idag));
  };

  for (const [regel, tekst] of Object.entries(OMFANG['egne-medlemmer'].regler)) {
    it(`holds: ${tekst}`, () => {
      for (const example of EXAMPLES[regel as Regel]) {
        const verdicts = ['11', '22', '67'].map((akasse) => [akasse, judge(akasse, example)] as const);
        expect(
          verdicts.filter(([, { ok }]) => ok).map(([akasse]) => akasse),
          JSON.stringify(example),
        ).to.deep.equal(example.maaLaese);
        for (const [, verdict] of verdicts)
          if (!verdict.ok) expect(verdict.fejl.kode).to.equal(AFVISNINGER.borgerIkkeTilladt.kode);
      }
    });
  }

  it('holds: every citizen is every citizen', () => {
    for (const medlemskaber of [[], [medlem('11', '2010-01-01')]])
      expect(decideLaeseadgang({ omfang: 'alle' }, medlemskaber, dag('2026-03-01')).ok).to.equal(true);
  });
});
