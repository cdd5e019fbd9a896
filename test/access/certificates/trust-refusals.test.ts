// The judge of client certificates: every way in which one can be wrong, named.

import { expect } from 'chai';
import { claimedPaths } from '../../../src/access/certificates/path.ts';
import {
  authority,
  CLIENT_AUTH,
  certificate,
  extension,
  KEY_USAGE,
  later,
  Name,
  newKeys,
  type Party,
  SERVER_AUTH,
} from '../../support/pki.ts';
import { trusting } from '../../support/trusting.ts';

/** Permitted: DNS names below `x`. */
const NAME_CONSTRAINTS = Buffer.from('3007a0053003820178', 'hex');

describe('trust in a client certificate', () => {
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

  interface Refusal {
    readonly says: RegExp;
    readonly make: () => Promise<string | undefined>;
  }
  const withRoot = async (options: Parameters<typeof certificate>[0]): Promise<string | undefined> =>
    trusting({ authorities: [root] })(await certificate({ issuer: root, ...options }));
  const refusals: Readonly<Record<string, Refusal>> = {
    'one that is self-signed': {
      says: /is self-signed/,
      make: async () => trusting({ authorities: [root] })(await certificate()),
    },
    'one that is self-signed and listed as an authority': {
      says: /is self-signed/,
      make: async () => trusting({ authorities: [root] })(root),
    },
    'one of another authority': {
      says: /issued by an authority that is not trusted here/,
      make: async () => trusting({ authorities: [stranger] })(leaf),
    },
    'one of an authority that only bears the name of a trusted one': {
      says: /signature of the certificate is not that of a trusted authority/,
      make: async () =>
        trusting({ authorities: [root] })(
          await certificate({ issuer: await authority('C=DK,O=Test,CN=root') }),
        ),
    },
    'one that has expired': { says: /^the certificate has expired/, make: () => withRoot({ to: later(-1) }) },
    'one that has expired, whoever issued it': {
      says: /^the certificate has expired/,
      make: async () =>
        trusting({ authorities: [root] })(await certificate({ issuer: stranger, to: later(-1) })),
    },
    'one that is not yet valid': {
      says: /^the certificate is not yet valid/,
      make: () => withRoot({ from: later(1) }),
    },
    'one for servers': { says: /not for client use/, make: () => withRoot({ purposes: [SERVER_AUTH] }) },
    'one whose key is for encryption only': {
      says: /not for client use/,
      make: () => withRoot({ keyUsage: KEY_USAGE.keyEncipherment }),
    },
    'one below an authority for servers': {
      says: /not for client use/,
      make: async () => {
        const servers = await authority('CN=servers', { issuer: root, purposes: [SERVER_AUTH] });
        return trusting({ authorities: [root] })(await certificate({ issuer: servers }), [servers]);
      },
    },
    'one with a critical extension that nobody knows': {
      says: /critical extension that is not understood/,
      make: () => withRoot({ extensions: [extension('1.2.3.4', true)] }),
    },
    'one with constraints on names, which are not understood here': {
      says: /critical extension that is not understood/,
      make: () => withRoot({ extensions: [extension('2.5.29.30', false, NAME_CONSTRAINTS)] }),
    },
    'one with an extension that cannot be read': {
      says: /cannot be read/,
      make: () => withRoot({ extensions: [extension(`1.2${'.1234567'.repeat(12)}`, false)] }),
    },
    'one whose intermediate the client does not send': {
      says: /not trusted here/,
      make: async () => trusting({ authorities: [root] })(await certificate({ issuer: issuing })),
    },
    'one with an intermediate that it does not belong to': {
      says: /not trusted here/,
      make: async () =>
        trusting({ authorities: [root] })(await certificate({ issuer: issuing }), [stranger, leaf]),
    },
    'one with a forged intermediate': {
      says: /signature .* not that of a trusted authority/,
      make: async () => {
        const forged = await authority('CN=forged', { issuer: { name: root.name, keys: await newKeys() } });
        return trusting({ authorities: [root] })(await certificate({ issuer: forged }), [forged]);
      },
    },
    'one below an end certificate': {
      says: /not an authority/,
      make: async () => {
        const end = await certificate({ name: 'CN=end', issuer: root });
        return trusting({ authorities: [root] })(await certificate({ issuer: end }), [end]);
      },
    },
    'one below an authority whose key may not sign certificates': {
      says: /not trusted here/,
      make: async () => {
        const other = await authority('CN=other', { issuer: root, keyUsage: KEY_USAGE.cRLSign });
        return trusting({ authorities: [root] })(await certificate({ issuer: other }), [other]);
      },
    },
    'one below more authorities than a path length allows': {
      says: /longer than one of its authorities allows/,
      make: async () => {
        const top = await authority('CN=top', { authority: { pathLength: 0 } });
        const below = await authority('CN=below', { issuer: top });
        return trusting({ authorities: [top] })(await certificate({ issuer: below }), [below]);
      },
    },
    'one below an intermediate that has expired': {
      says: /authority that the certificate depends on has expired/,
      make: async () => {
        const old = await authority('CN=old', { issuer: root, to: later(-1) });
        return trusting({ authorities: [root] })(await certificate({ issuer: old }), [old]);
      },
    },
    'one below an authority that is not yet valid': {
      says: /authority that the certificate depends on is not yet valid/,
      make: async () => {
        const early = await authority('CN=early', { from: later(1) });
        return trusting({ authorities: [early] })(await certificate({ issuer: early }));
      },
    },
    'one with a short key': {
      says: /too weak/,
      make: async () => {
        const keys = await newKeys({
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          modulusLength: 1024,
          publicExponent: Uint8Array.of(1, 0, 1),
        });
        return withRoot({ keys });
      },
    },
    'one signed with SHA-1': { says: /too weak/, make: () => withRoot({ hash: 'SHA-1' }) },
  };
  describe('is refused to', () => {
    for (const [what, { says, make }] of Object.entries(refusals)) {
      it(what, async () => expect(await make()).to.match(says));
    }

    it('one that was good, once it has expired, or an authority of it', async () => {
      const judge = trusting({ authorities: [root] });
      const short = await authority('CN=short', { issuer: root, to: later(1) });
      const [own, below] = await Promise.all([
        certificate({ issuer: root, to: later(1) }),
        certificate({ issuer: short }),
      ]);
      expect([judge(own), judge(below, [short])]).to.deep.equal([undefined, undefined]);
      expect(judge(own, [], later(2))).to.match(/^the certificate has expired/);
      expect(judge(below, [], later(2))).to.match(/depends on has expired/);
    });

    it('one more certificate than a chain may have', async () => {
      const judge = trusting({ authorities: [root] });
      const chain: Party[] = [];
      for (let at = 0; at < 5; at += 1) {
        chain.push(await authority(`CN=${at}`, { issuer: chain.at(-1) ?? root }));
      }
      const [sixth, seventh] = await Promise.all([
        certificate({ issuer: chain[3]! }),
        certificate({ issuer: chain[4]! }),
      ]);
      expect(judge(sixth, chain)).to.equal(undefined);
      expect(judge(seventh, chain)).to.match(/not trusted/);
    });

    it('one in a crowd of authorities of the same name, without looking at each way through it', async () => {
      const keys = await newKeys();
      const crowd = await Promise.all(
        Array.from({ length: 8 }, () =>
          authority('CN=crowd', { keys, issuer: { name: new Name('CN=crowd'), keys } }),
        ),
      );
      const door = await authority('CN=crowd', { keys, issuer: { name: root.name, keys } });
      const client = await certificate({ issuer: crowd[0]! });
      const sent = [...crowd, door].map(({ x509 }) => x509);
      const paths = [...claimedPaths(client.x509, [root.x509], sent)];
      expect(paths).to.have.length.within(1, 100);
      expect(trusting({ authorities: [root] })(client, [...crowd.slice(1), door])).to.match(/signature/);
    });
  });
});
