// The judge of client certificates: every way in which one is right, and what is remembered of it.

import { expect } from 'chai';
import { Intermediates, readAuthorities } from '../../../src/access/certificates/trust.ts';
import { authority, CLIENT_AUTH, certificate, extension, later, type Party } from '../../support/pki.ts';
import { trusting } from '../../support/trusting.ts';

describe('the trust in a client certificate', () => {
  let root: Party;
  let issuing: Party;
  let stranger: Party;
  let leaf: Party;
  before(async () => {
    root = await authority('C=DK,O=Test,CN=root');
    issuing = await authority('C=DK,O=Test,CN=issuing', { issuer: root });
    stranger = await authority('C=DK,O=Stranger,CN=root');
    leaf = await certificate({ issuer: root, purposes: [CLIENT_AUTH] });
  });

  describe('is given', () => {
    it('to one that a trusted authority issued', () => {
      expect(trusting({ authorities: [stranger, root] })(leaf)).to.equal(undefined);
    });

    it('to one that names no purpose', async () => {
      expect(trusting({ authorities: [root] })(await certificate({ issuer: root }))).to.equal(undefined);
    });

    it('through an intermediate that the client sends along, in any order, with others', async () => {
      const below = await authority('CN=below', { issuer: issuing });
      const client = await certificate({ issuer: below });
      const judge = trusting({ authorities: [root] });
      expect(judge(client, [stranger, root, issuing, below])).to.equal(undefined);
    });

    it('later without the intermediate too, as in a resumed session, and to others of the same', async () => {
      const judge = trusting({ authorities: [root] });
      const [one, two] = await Promise.all([
        certificate({ issuer: issuing }),
        certificate({ issuer: issuing }),
      ]);
      expect(judge(one)).to.match(/not trusted/);
      expect(judge(one, [issuing])).to.equal(undefined);
      expect(judge(one)).to.equal(undefined);
      expect(judge(two)).to.equal(undefined);
    });

    it('after a reload to a certificate whose intermediate was seen before it', async () => {
      const intermediates = new Intermediates();
      const client = await certificate({ issuer: issuing });
      trusting({ authorities: [root], intermediates })(client, [issuing]);
      expect(trusting({ authorities: [root], intermediates })(client)).to.equal(undefined);
      expect(trusting({ authorities: [stranger], intermediates })(client)).to.match(/not trusted/);
    });

    it('below an issuing authority that is listed without its root', async () => {
      const client = await certificate({ issuer: issuing });
      expect(trusting({ authorities: [issuing] })(client)).to.equal(undefined);
    });

    it('when an authority has been renewed, with the old one listed before the new one', async () => {
      const old = await authority('CN=renewed', { to: later(-1) });
      const renewed = await authority('CN=renewed', { keys: old.keys });
      const client = await certificate({ issuer: renewed });
      expect(trusting({ authorities: [old, renewed] })(client)).to.equal(undefined);
    });

    it('when authorities of the same name have different keys', async () => {
      const namesake = await authority('C=DK,O=Test,CN=root');
      expect(trusting({ authorities: [namesake, root] })(leaf)).to.equal(undefined);
    });

    it('as far as a path length goes', async () => {
      const top = await authority('CN=top', { authority: { pathLength: 1 } });
      const middle = await authority('CN=middle', { issuer: top, authority: { pathLength: 0 } });
      const client = await certificate({ issuer: middle });
      expect(trusting({ authorities: [top] })(client, [middle])).to.equal(undefined);
    });

    it('with critical extensions that are understood', async () => {
      const client = await certificate({ issuer: root, extensions: [extension('2.5.29.32', true)] });
      expect(trusting({ authorities: [root] })(client)).to.equal(undefined);
    });
  });

  it('remembers no more intermediates and paths than it may', async () => {
    const intermediates = new Intermediates();
    const judge = trusting({ authorities: [root], intermediates });
    for (let at = 0; at < 120; at += 1) {
      const own = await authority(`CN=own ${at}`, { issuer: root, keys: issuing.keys });
      expect(judge(await certificate({ issuer: own, keys: leaf.keys }), [own])).to.equal(undefined);
    }
    expect(intermediates.all()).to.have.length(100);
  });

  it('keeps nothing of what a stranger sends', async () => {
    const intermediates = new Intermediates();
    const below = await authority('CN=below', { issuer: stranger });
    trusting({ authorities: [root], intermediates })(await certificate({ issuer: below }), [below, stranger]);
    expect(intermediates.all()).to.deep.equal([]);
  });

  describe('reads as authorities', () => {
    it('several in one file, with text between them', () => {
      expect(readAuthorities(`one\n${root.pem}two\n${issuing.pem}`)).to.have.length(2);
    });

    it('no end certificate, for nothing below it could be trusted', () => {
      expect(() => readAuthorities(root.pem + leaf.pem)).to.throw(/"CN=client" in it is not an authority's/);
    });

    it('none with an extension that cannot be read', async () => {
      const odd = await authority('CN=odd', {
        extensions: [extension(`1.2${'.1234567'.repeat(12)}`, false)],
      });
      expect(() => readAuthorities(odd.pem)).to.throw(/"CN=odd" in it has an extension that cannot be read/);
    });
  });
});
