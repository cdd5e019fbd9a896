// A date goes in and comes out as the same day, whatever time zone and way to write dates the database, its role or the
// process have been given.

import { expect } from 'chai';
import { onServer } from '../../../build/postgres/databases.ts';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { openPostgresRows } from '../../../src/store/postgres/verify-rows.ts';
import { verifyStore } from '../../../src/store/verify-store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { tempDatabase } from '../../support/postgres.ts';
import {
  getQuery,
  importMedlemskaber,
  kompensation,
  medlemskabLinje,
  NU,
  operatorEntry,
  overgang,
  portsAt,
  saveCommand,
} from '../../support/store-fixtures.ts';
import { connect } from './direct.ts';
import { OPTIONS } from './under-test.ts';

const DAYS = [
  '0001-01-01',
  '0999-12-31',
  '1582-10-10',
  '1900-02-28',
  '2024-02-29',
  '2026-03-29',
  '9999-12-31',
];
const ODD: readonly (readonly [timezone: string, datestyle: string, process: string])[] = [
  ['Pacific/Kiritimati', 'German', 'Pacific/Pago_Pago'],
  ['America/St_Johns', 'SQL, DMY', 'Pacific/Kiritimati'],
  ['Europe/Copenhagen', 'Postgres, MDY', 'Asia/Kathmandu'],
];

describe('a date in a store on PostgreSQL', function () {
  this.timeout(180_000);
  const tz = process.env.TZ;
  afterEach(() => {
    if (tz === undefined) delete process.env.TZ;
    else process.env.TZ = tz;
  });

  for (const [timezone, datestyle, ofProcess] of ODD)
    it(`comes out as it went in, in ${timezone} and ${datestyle}, for a process in ${ofProcess}`, async () => {
      const url = await tempDatabase();
      const name = new URL(url).pathname.slice(1);
      await onServer(url, (client) =>
        client.query(`ALTER DATABASE ${name} SET timezone = '${timezone}';
          ALTER DATABASE ${name} SET datestyle = '${datestyle}';
          ALTER DATABASE ${name} SET intervalstyle = 'sql_standard';
          ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable';
          ALTER DATABASE ${name} SET bytea_output = 'escape'`),
      );
      process.env.TZ = ofProcess;
      const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
      const borgere = DAYS.map((day, at) => ({ day, linje: at + 1, personnummer: nyBorger() }));
      const linjer = borgere.map(({ day, linje, personnummer }) =>
        medlemskabLinje(linje, personnummer, '11', day, { slut: day, efterloen: day }),
      );
      expect((await importMedlemskaber(store, { linjer })).ok).to.equal(true);
      for (const { day, personnummer } of borgere) {
        const says = { ...overgang(day, day, day), ...kompensation(day) };
        const saved = await store.save(saveCommand({ Personnummer: personnummer, ...says }));
        expect(saved.ok).to.equal(true);
        const given = await store.get(getQuery(personnummer));
        if (!given.ok) expect.fail('refused');
        expect(given.value).to.have.length(1);
        expect(given.value[0]).to.deep.include({
          overgang: { overgangsdato: day, afgoerelsesdato: day, ophoersdato: day },
          kompensation: { afgoerelsesdato: day },
        });
        const [medlemskab] = await store.medlemskaber.show(personnummer, operatorEntry('VisMedlemskab'));
        expect(medlemskab).to.include({ start: day, slut: day, efterloen: day });
      }
      await store.close();
      // A version says what its entry says it did: the digest has every date in it, as text.
      const rows = await openPostgresRows(url, false);
      for await (const { id, violations } of verifyStore(rows)) expect(violations, id).to.deep.equal([]);
      await rows.close();
      const client = await connect(url);
      const { rows: kept } = await client.query<{ day: string }>(
        'SELECT overgangsdato AS day FROM forloeb_version ORDER BY 1',
      );
      expect(kept.map(({ day }) => day)).to.deep.equal(DAYS);
      await client.end();
    });
});
