// Network addresses: how each is written in the trail, and which are on a list.

import { expect } from 'chai';
import { addressList, isAddressOrRange, plainAddress } from '../../src/soap/addresses.ts';

describe('network addresses', () => {
  for (const [address, plain] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['FE80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
  ] as const) {
    it(`${address} is kept as ${plain}`, () => expect(plainAddress(address)).to.equal(plain));
  }

  it('may be ranges', () => {
    for (const text of ['10.0.0.0/8', '::/0', '192.0.2.7/32', 'fd00::/128']) {
      expect(isAddressOrRange(text), text).to.equal(true);
    }
    for (const text of ['10.0.0.0/33', '10.0.0/8', '::/129', '1.2.3.4/-1', '1.2.3.4/x', 'localhost', '']) {
      expect(isAddressOrRange(text), text).to.equal(false);
    }
  });

  const isListed = addressList(['10.1.0.0/16', '192.0.2.7', 'fd00::/8', '::1', '::ffff:192.0.2.9']);
  for (const address of ['10.1.255.255', '192.0.2.7', '::ffff:10.1.0.1', 'fdab::1', '::1', '192.0.2.9']) {
    it(`${address} is on the list`, () => expect(isListed(address)).to.equal(true));
  }
  for (const address of ['10.2.0.0', '192.0.2.8', '::ffff:192.0.2.8', 'fe80::1', '::2', '', 'unknown']) {
    it(`'${address}' is not`, () => expect(isListed(address)).to.equal(false));
  }
});
