// The address of a store: which database it names, and that what is shown of it holds no password.

import { expect } from 'chai';
import { databaseOf } from '../../src/store/address.ts';
import { isStoreAddress, shownAddress } from '../../src/store/open-store.ts';
import { StoreError } from '../../src/store/store.ts';

const NAMED: readonly (readonly [address: string, shown: string])[] = [
  ['sqlite:var/pension.db', 'sqlite:var/pension.db'],
  ['sqlite:/data/æ b@c.db', 'sqlite:/data/æ b@c.db'],
  ['postgres://db.example/pension', 'postgres://db.example/pension'],
  ['postgresql://pension@db.example:5433/pension', 'postgresql://pension@db.example:5433/pension'],
  ['postgres://pension:s3cret@127.0.0.1/pension', 'postgres://pension@127.0.0.1/pension'],
  ['postgres://pension:s3cret@[::1]:5432/pension', 'postgres://pension@[::1]:5432/pension'],
  ['postgres://pension:s3cret%2F@db/pension?sslmode=verify-full', 'postgres://pension@db/pension'],
  ['postgres://pension@db/pension?password=s3cret', 'postgres://pension@db/pension'],
  ['postgres://pension:s3cret@s3cret@db/pension', 'postgres://pension@db/pension'],
  ['postgres://:s3cret@db/pension', 'postgres://db/pension'],
  ['postgres:///pension?host=/run/postgresql', 'postgres:///pension'],
];

/** Passwords with a character that ends the host, and addresses that lack something: no part of them can be shown. */
const UNCLEAR = [
  'postgres://pension:s3cret/1@db/pension',
  'postgres://pension:12/s3cret@db',
  'postgres://pension:12?s3cret@db/pension',
  'postgres://pension:12/x?s3cret@db/pension',
  'postgres://pension:12#s3cret@db/pension',
  'postgres://pension:12/x#s3cret@db/pension',
  'postgres://pension:s3cret@db',
  'postgres://pension:s3cret@db/',
  'postgres://pension:s3cret@db:port/pension',
  'postgres:pension:s3cret@db/pension',
  'POSTGRES://pension:s3cret@db/pension',
];

describe('the address of a store', () => {
  for (const [address, shown] of NAMED) {
    it(`may be ${address}, and is shown without a password`, () => {
      expect(isStoreAddress(address)).to.equal(true);
      expect(databaseOf(address)).to.deep.equal(
        address.startsWith('sqlite:')
          ? { kind: 'sqlite', path: address.slice('sqlite:'.length) }
          : { kind: 'postgres', url: address },
      );
      expect(shownAddress(address)).to.equal(shown);
      expect(shownAddress(address)).to.not.include('s3cret');
    });
  }

  for (const address of [...UNCLEAR, '', 'sqlite:', 'SQLITE:x.db', 'pension.db', 'mysql://u:s3cret@h/d']) {
    it(`may not be '${address}', and nothing of it is in what is said`, () => {
      expect(isStoreAddress(address)).to.equal(false);
      expect(() => databaseOf(address))
        .to.throw(StoreError, /^PENSION_STORE must be sqlite:PATH or postgres:\/\/USER@HOST\/DATABASE/)
        .with.property('message')
        .that.does.not.include('s3cret');
    });
  }

  for (const address of UNCLEAR)
    it(`${address} is shown as one that cannot be read`, () =>
      expect(shownAddress(address)).to.equal('postgres://…'));
});
