// A map that forgets what has not been used for longest.

import { expect } from 'chai';
import { BoundedMap } from '../../../src/access/certificates/bounded-map.ts';

describe('a bounded map', () => {
  it('holds as many entries as it may, and one more pushes the least used one out', () => {
    const map = new BoundedMap<string, number>(3);
    for (const [at, key] of ['a', 'b', 'c'].entries()) map.set(key, at);
    expect(map.values()).to.deep.equal([0, 1, 2]);
    expect(map.get('a')).to.equal(0);
    map.set('d', 3);
    expect([map.get('b'), map.get('a'), map.size]).to.deep.equal([undefined, 0, 3]);
  });

  it('replaces and deletes', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('a', 2);
    expect(map.values()).to.deep.equal([2]);
    map.delete('a');
    expect(map.size).to.equal(0);
  });
});
