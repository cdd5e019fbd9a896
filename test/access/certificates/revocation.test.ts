// Revocation lists: what revokes, which lists are needed, and which are refused when they are read.

import type { webcrypto } from 'node:crypto';
import { expect } from 'chai';
import { clientCertificate } from '../../../src/access/certificates/client-certificate.ts';
import { revocationListsIn } from '../../../src/access/certificates/revocation-list.ts';
import {
  Intermediates,
  makeTrust,
  readRevocationLists,
  type Trust,
} from '../../../src/access/certificates/trust.ts';
import {
  authority,
  certificate,
  extension,
  KEY_USAGE,
  type ListOptions,
  later,
  newKeys,
  now,
  type Party,
  revocationList,
} from '../../support/pki.ts';

const RSA = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };

describe('revocation', () => {
  let root: Party;
  let issuing: Party;
  let leaf: Party;
  let below: Party;
  before(async () => {
    root = await authority('CN=root');
    issuing = await authority('CN=issuing', { issuer: root });
    leaf = await certificate({ issuer: root });
    below = await certificate({ issuer: issuing });
  });

  const trusting = (authorities: readonly Party[], ...lists: readonly string[]): Trust => {
    const trusted = authorities.map(({ x509 }) => x509);
    return makeTrust(trusted, readRevocationLists(lists.join('\n'), trusted), new Intermediates());
  };
  const judge = (trust: Trust, party: Party, sent: readonly Party[] = [], at = now): string | undefined =>
    trust.problemOf(clientCertificate([party.x509, ...sent.map(({ x509 }) => x509)]), at);
  const listOf = (issuer: Party, options?: ListOptions) => revocationList(issuer, options);

  it('refuses what is on the list, and nothing else', async () => {
    const trust = trusting([root], await listOf(root, { revoked: [leaf] }));
    expect(judge(trust, leaf)).to.equal('the certificate has been revoked');
    expect(judge(trust, await certificate({ issuer: root }))).to.equal(undefined);
  });

  it('knows a serial number however long, and whatever its first bit', async () => {
    for (const serialNumber of [
      '00',
      '7f',
      '0080',
      'fb',
      '80',
      '00ff00000000000000000000000000000001',
      '0100',
    ]) {
      const party = await certificate({ issuer: root, serialNumber });
      const other = await certificate({ issuer: root, serialNumber: '12345678' });
      const trust = trusting([root], await listOf(root, { revoked: [party] }));
      expect(judge(trust, party), serialNumber).to.match(/revoked/);
      expect(judge(trust, other), serialNumber).to.equal(undefined);
    }
  });

  it('of one authority is not that of another with the same serial number', async () => {
    const other = await authority('CN=other');
    const twin = await certificate({ issuer: other, serialNumber: leaf.x509.serialNumber.toLowerCase() });
    const trust = trusting([root, other], await listOf(root, { revoked: [leaf] }), await listOf(other));
    expect(judge(trust, twin)).to.equal(undefined);
  });

  it('of an intermediate refuses everything below it', async () => {
    const lists = [await listOf(root, { revoked: [issuing] }), await listOf(issuing)];
    for (const authorities of [[root], [root, issuing]]) {
      const trust = trusting(authorities, ...lists);
      expect(judge(trust, below, [issuing])).to.equal(
        'an authority that the certificate depends on has been revoked',
      );
    }
  });

  it('needs a list of every authority in the chain that has issued something', async () => {
    const [ofRoot, ofIssuing] = [await listOf(root), await listOf(issuing)];
    expect(judge(trusting([root], ofRoot, ofIssuing), below, [issuing])).to.equal(undefined);
    for (const only of [ofRoot, ofIssuing]) {
      expect(judge(trusting([root], only), below, [issuing])).to.match(/no revocation list of the authority/);
    }
  });

  it('refuses everything below an authority whose list is another’s', async () => {
    const other = await authority('CN=other');
    const trust = trusting([root], await listOf(other));
    expect(judge(trust, leaf)).to.match(/no revocation list of the authority that issued the certificate/);
  });

  it('does not take a list that only bears the name of an intermediate', async () => {
    const forged = await listOf(issuing, { signer: (await newKeys()) as webcrypto.CryptoKeyPair });
    const trust = trusting([root], await listOf(root), forged);
    expect(judge(trust, below, [issuing])).to.match(/no revocation list of the authority/);
  });

  it('does not take the list of an authority for one of another with the same key', async () => {
    const twin = await authority('CN=twin', { keys: root.keys });
    const trust = trusting([root, twin], await listOf(root));
    expect(judge(trust, await certificate({ issuer: twin }))).to.match(/no revocation list of the authority/);
  });

  it('says at the start what is missing', async () => {
    const other = await authority('CN=other');
    const { remarks } = trusting([root], await listOf(other));
    expect(remarks).to.have.length(2);
    expect(remarks[0]).to.match(
      /no revocation list of "CN=root": every certificate that it issued is refused/,
    );
    expect(remarks[1]).to.match(/authorities that are not listed themselves: 1/);
    expect(trusting([root], await listOf(root)).remarks).to.deep.equal([]);
  });

  it('refuses everything once the list has expired, also on a certificate that was good', async () => {
    const trust = trusting([root], await listOf(root, { to: later(1) }));
    expect(judge(trust, leaf)).to.equal(undefined);
    expect(judge(trust, leaf, [], later(2))).to.equal(
      'the revocation list of the service has expired; tell its operators',
    );
  });

  it('refuses everything while the only list is of the future', async () => {
    const trust = trusting([root], await listOf(root, { from: later(1) }));
    expect(judge(trust, leaf)).to.match(/revocation list of the service is not yet valid/);
  });

  it('goes by the newest of several lists that holds already', async () => {
    const lists = [
      await listOf(root, { from: later(1), revoked: [leaf] }),
      await listOf(root, { from: later(-1) }),
      await listOf(root, { from: later(-20), to: later(-10), revoked: [leaf] }),
    ];
    for (const inOrder of [lists, lists.toReversed()]) {
      const trust = trusting([root], ...inOrder);
      expect(judge(trust, leaf)).to.equal(undefined);
      expect(judge(trust, leaf, [], later(2))).to.match(/has been revoked/);
    }
  });

  for (const name of ['RSASSA-PKCS1-v1_5', 'RSA-PSS'] as const) {
    it(`reads a list signed with ${name}`, async () => {
      const keys = await newKeys({ ...RSA, name });
      const signer = await authority('CN=rsa', { keys });
      const party = await certificate({ issuer: signer });
      const list = await listOf(signer, { revoked: [party] });
      expect(judge(trusting([signer], list), party)).to.match(/revoked/);
    });
  }

  describe('refuses when it reads', () => {
    const reading = (list: string) => () => readRevocationLists(list, [root.x509]);

    it('a list that bears the name of an authority with another’s signature', async () => {
      const list = await listOf(root, { signer: (await newKeys()) as webcrypto.CryptoKeyPair });
      expect(reading(list)).to.throw(/"CN=root" in it was not signed by that authority/);
    });

    it('a list of an authority that may not sign lists', async () => {
      const signer = await authority('CN=root', { keyUsage: KEY_USAGE.keyCertSign });
      const list = await listOf(signer);
      expect(() => readRevocationLists(list, [signer.x509])).to.throw(/was not signed by that authority/);
    });

    for (const [what, oid] of [
      ['partial', '2.5.29.28'],
      ['a change of another one', '2.5.29.27'],
    ] as const) {
      it(`a list that is ${what}`, async () => {
        const list = await listOf(root, { extensions: [extension(oid, true)] });
        expect(reading(list)).to.throw(
          new RegExp(`critical extension ${oid}; use the authority's complete list`),
        );
      });
    }

    it('a list that never ends', async () => {
      expect(reading(await listOf(root, { to: null }))).to.throw(/does not say until when it holds/);
    });

    it('a list that was cut off, or is none', async () => {
      const lines = (await listOf(root)).split('\n');
      const cut = [...lines.slice(0, 2), ...lines.slice(-2)].join('\n');
      for (const text of [cut, '', 'text']) expect(reading(text), text).to.throw(/revocation list/);
    });

    it('none of the extensions that are not critical', async () => {
      const list = await listOf(root, { extensions: [extension('2.5.29.20', false)] });
      expect(reading(list)).not.to.throw();
    });
  });

  it('reads a list of two hundred thousand in a moment', () => {
    const began = performance.now();
    const [list] = revocationListsIn(hugeList(200_000));
    expect(list!.revoked.size).to.equal(200_000);
    expect(performance.now() - began).to.be.below(5_000);
  });
});

/** An unsigned list of that length. */
function hugeList(length: number): string {
  const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const content = Buffer.concat(parts);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(content.length);
    return Buffer.concat([Uint8Array.of(tag, 0x84), size, content]);
  };
  const time = der(0x17, Buffer.from('260101000000Z'));
  const entries = Array.from({ length }, (_, at) => {
    const serialNumber = Buffer.alloc(16, 1);
    serialNumber.writeUInt32BE(at, 12);
    return der(0x30, der(0x02, serialNumber), time);
  });
  const algorithm = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
  const signed = der(0x30, algorithm, der(0x30), time, time, der(0x30, Buffer.concat(entries)));
  const list = der(0x30, signed, algorithm, der(0x03, Uint8Array.of(0)));
  return `-----BEGIN X509 CRL-----\n${list.toString('base64')}\n-----END X509 CRL-----\n`;
}
