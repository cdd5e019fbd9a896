// `pension doctor` on settings and reference data: each problem its own line, and none hides another.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { dageEfter, datoI } from '../../../src/domain/dato.ts';
import { expectHealthy, expectOnly, newPatient, type Patient, saysOf } from './patient.ts';

describe('pension doctor: settings', () => {
  let patient: Patient;
  before(async () => {
    patient = await newPatient();
  });

  const wrong: readonly [string, string, RegExp][] = [
    ['PENSION_HOST', 'no such host!', /PENSION_HOST must be/],
    ['PENSION_PORT', '99999', /PENSION_PORT must be at most 65535/],
    ['PENSION_PUBLIC_URL', 'pension.example', /PENSION_PUBLIC_URL must be/],
    ['PENSION_FORMER_MONTHS', 'many', /PENSION_FORMER_MONTHS must be/],
    ['PENSION_MAX_BODY', '1', /PENSION_MAX_BODY must be/],
    ['PENSION_LOG_LEVEL', 'loud', /PENSION_LOG_LEVEL must be/],
    ['PENSION_TLS', 'perhaps', /PENSION_TLS must be/],
    ['PENSION_STORE', 'pension.db', /PENSION_STORE must be sqlite:PATH/],
    ['PENSION_STORE_CONNECTIONS', '1', /PENSION_STORE_CONNECTIONS must be/],
    ['PENSION_STORE_DURABILITY', 'off', /PENSION_STORE_DURABILITY must be/],
    ['PENSION_FORMER_MONTH', '42', /PENSION_FORMER_MONTH is not a setting/],
  ];
  for (const [variable, value, says] of wrong) {
    it(`fails ${variable}=${value}, and looks at all that does not depend on it`, async () => {
      const all = new Set((await patient.findings()).map(({ check }) => check));
      const found = await patient.findings({ [variable]: value });
      expectOnly(found, 'settings', says, /pension serve --help/);
      const missing = [...all].filter((check) => !found.some((finding) => finding.check === check));
      const dependent: Record<string, string[]> = {
        PENSION_HOST: ['address'],
        PENSION_PORT: ['address'],
        PENSION_STORE: ['store', 'disk', 'audit trail', 'register'],
      };
      expect(missing).to.deep.equal(dependent[variable] ?? []);
      expectHealthy(await patient.findings());
    });
  }

  for (const variable of [
    'PENSION_TLS_CERT',
    'PENSION_TLS_KEY',
    'PENSION_TLS_CA',
    'PENSION_ORGANISATIONER',
  ]) {
    it(`fails a missing ${variable}`, async () => {
      const found = await patient.findings({ [variable]: undefined });
      expectOnly(found, 'settings', new RegExp(`^${variable} is not set`), /^Name the /);
    });
  }

  it('tells every problem, each on its own line', async () => {
    const found = await patient.findings({
      PENSION_PORT: 'x',
      PENSION_LOG_LEVEL: 'loud',
      PENSION_TLS_CERT: '',
      PENSION_PROT: '1',
      PENSION_TLS_KEY: patient.file('none.key'),
      PENSION_ORGANISATIONER: patient.file('ca.pem'),
    });
    const failed = found.filter(({ ok }) => !ok);
    expect(failed.map(({ check, says }) => `${check} ${/PENSION_\w+/.exec(says)![0]}`)).to.have.members([
      'settings PENSION_PORT',
      'settings PENSION_LOG_LEVEL',
      'settings PENSION_TLS_CERT',
      'settings PENSION_PROT',
      'certificate PENSION_TLS_KEY',
      'reference data PENSION_ORGANISATIONER',
    ]);
    expect(saysOf(found, 'store')).to.match(/no page is damaged/);
  });

  it('fails PENSION_TLS=off for an address that others reach', async () => {
    const found = await patient.findings({ PENSION_TLS: 'off', PENSION_HOST: '0.0.0.0' });
    const failed = found.filter(({ check, ok }) => check === 'settings' && !ok);
    expect(failed.map(({ says }) => says)).to.match(/PENSION_TLS off is for a loopback address only/);
  });
});

describe('pension doctor: reference data', () => {
  interface Data {
    akasser: { code: string; til?: string; afloeser?: string }[];
    systems: { name: string; organisations: { type: number; code: string }[] }[];
  }
  let patient: Patient;
  let original: string;
  before(async () => {
    patient = await newPatient();
    original = readFileSync(patient.file('organisationer.json'), 'utf8');
  });
  afterEach(() => writeFileSync(patient.file('organisationer.json'), original));

  const change = (edit: (data: Data) => void): void => {
    const data = JSON.parse(original) as Data;
    edit(data);
    writeFileSync(patient.file('organisationer.json'), JSON.stringify(data));
  };
  const akasse = (data: Data, code: string) => data.akasser.find((each) => each.code === code)!;
  const system = (data: Data, name: string) => data.systems.find((each) => each.name === name)!;
  const heal = async (): Promise<void> => {
    writeFileSync(patient.file('organisationer.json'), original);
    expectHealthy(await patient.findings());
  };

  it('fails a file that the service would not take, until it is corrected', async () => {
    change((data) => {
      akasse(data, '31').afloeser = '99';
    });
    expectOnly(
      await patient.findings(),
      'reference data',
      /31 has the unknown afloeser 99/,
      /Correct the file/,
    );
    await heal();
  });

  it('shows nothing that could be a personnummer, whatever the file holds', async () => {
    writeFileSync(patient.file('organisationer.json'), '2902610001,11,2000-01-01\n');
    const another = await patient.findings();
    expectOnly(another, 'reference data', /not valid JSON/, /name the right one/);
    change((data) => {
      for (const each of data.systems.slice(0, 2)) each.name = '2902610001';
    });
    const twice = await patient.findings();
    expectOnly(twice, 'reference data', /name \*{10} is there twice/, /Correct the file/);
    expect(JSON.stringify([another, twice])).not.to.contain('2902610001');
  });

  it('fails when nobody may report, until UDK has a system', async () => {
    change((data) => {
      data.systems = data.systems.filter(({ organisations }) => organisations[0]!.type !== 50);
    });
    expectOnly(
      await patient.findings(),
      'reference data',
      /no system acts for .* kind udk/,
      /Add the system/,
    );
    await heal();
  });

  it('fails an a-kasse that has ended with nobody to take it over, from the day after', async () => {
    const today = datoI(new Date());
    const end = (til: string) =>
      change((data) => {
        akasse(data, '22').til = til;
      });
    end(today);
    expectHealthy(await patient.findings());
    end(dageEfter(today, -1));
    expectOnly(await patient.findings(), 'reference data', /a-kasse 22 has ended/, /Name its afloeser/);
    change((data) => Object.assign(akasse(data, '22'), { til: dageEfter(today, -1), afloeser: '67' }));
    expectHealthy(await patient.findings());
  });

  it('only mentions who is switched off, merged away or without a system', async () => {
    change((data) => {
      system(data, 'star').organisations = [];
      system(data, 'akasse-22').organisations = [{ type: 2, code: '11' }];
    });
    expect(saysOf(await patient.findings(), 'reference data'))
      .to.match(/acting for nobody, and refused with 1013: star;/)
      .and.match(/taken over, and refused with 1013: akasse-31;/)
      .and.match(/without a system: a-kasse 22$/);
  });
});
