// `pension doctor` on a store that a database server keeps: what is said of it from its condition alone.

import { expect } from 'chai';
import { checkDisk } from '../../../src/cli/doctor/disk.ts';
import { thisMachine } from '../../../src/cli/doctor/machine.ts';
import { checkStore } from '../../../src/cli/doctor/store.ts';
import type { StoreInUse } from '../../../src/store/store.ts';
import { expectOnly, saysOf } from './patient.ts';

const place = { kind: 'server', name: '127.0.0.1:5432/pension' } as const;
const WELL: StoreInUse = {
  state: 'current',
  place,
  version: 'PostgreSQL 15.18',
  schema: '0001-x',
  schemaFrom: '2026-11-01T00:00:00.000Z',
  lookedThrough: false,
  hasMedlemskaber: true,
  unsealed: 0,
};

describe('pension doctor: a store on a server', () => {
  it('says which server it is, its version, its schema, and that every commit is flushed', () => {
    expect(saysOf(checkStore(WELL), 'store')).to.equal(
      '127.0.0.1:5432/pension (PostgreSQL 15.18) has schema 0001-x; every commit is flushed to its disk (fsync, full_page_writes, synchronous_commit)',
    );
    expect(saysOf(checkStore({ ...WELL, state: 'older' }), 'store')).to.match(
      /an older schema \(0001-x\), which the next start brings up to date/,
    );
  });

  it('does not say that it flushes where that is not looked at', () => {
    const says = saysOf(checkStore(WELL, 'test'), 'store');
    expect(says).to.match(/PENSION_STORE_DURABILITY=test\): never for real data$/);
    expect(says).to.not.match(/is flushed/);
  });

  it('fails one that does not flush every commit, with the settings of the server as the remedy', () => {
    expectOnly(
      checkStore({ ...WELL, notDurable: 'fsync is off' }),
      'store',
      /^127\.0\.0\.1:5432\/pension does not hold every commit as soon as it is answered: fsync is off$/,
      /^Set fsync, full_page_writes and synchronous_commit to on in PostgreSQL$/,
    );
  });

  it('fails one that cannot be used, and lets one pass that is not there yet', () => {
    const broken = { state: 'unusable', place, reason: 'nobody answers', remedy: 'Start it' } as const;
    expectOnly(checkStore(broken), 'store', /^127\.0\.0\.1:5432\/pension: nobody answers$/, /^Start it$/);
    expect(saysOf(checkStore({ state: 'none', place }), 'store')).to.match(
      /^127\.0\.0\.1:5432\/pension is not there yet; the first start makes it$/,
    );
  });

  it('says of its disk only whose it is, and looks at none here', () => {
    const fileSystemOf = () => expect.fail('a disk of this machine was looked at');
    expect(saysOf(checkDisk(WELL, { ...thisMachine(), fileSystemOf }), 'disk')).to.match(
      /the database server's own, 127\.0\.0\.1:5432\/pension: watch it there$/,
    );
  });
});
