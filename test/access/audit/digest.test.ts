// The format of what is sealed, held by values that were computed once with another program (Python's hashlib and json):
// whatever changes one of them makes every trail there is unverifiable.

import { expect } from 'chai';
import { checkStored, digestOf, faceOf, sidesOf } from '../../../src/access/audit/digest.ts';
import { AUDIT_FIELDS, type AuditEntry } from '../../../src/access/audit/entry.ts';
import { contentHash, makeSeal, NO_SEAL, SEAL_ENTRIES, sealHash } from '../../../src/access/audit/seal.ts';
import { maskPersonnumre } from '../../../src/contract/mask.ts';

const PLAIN: AuditEntry = {
  seq: 1,
  tidspunkt: '2026-11-22T07:50:00.123Z',
  correlationId: '019ab-1',
  udfald: 'afvist',
  fejlkode: 1014,
};
const PLAIN_DIGEST = '38cda0d3f9f3f1e6dd21c90e2297a70ef9536c74923700f0dc9804d15d608be9';

/** Every field, and a personnummer where one could be; in another order than that of the format. */
const FULL: AuditEntry = {
  detaljer: '{"personnummer":"2902610003"}',
  personnummer: '2902610001',
  seq: 7,
  tidspunkt: '2026-11-22T07:50:00.123Z',
  correlationId: 'c0ffee00-0000-4000-8000-000000000001',
  operation: 'SaveTidligPension',
  udfald: 'udfoert',
  certificate: 'ab'.repeat(32),
  system: 'udk',
  activeOrganisationType: 50,
  activeOrganisationCode: '2902610009',
  requestOrganisationType: 51,
  requestOrganisationCode: '-1',
  userFullName: 'Søn "Ærø" 290261-0001\t\u2028\u{1F600}',
  userType: 3,
  userIdentifier: 'CVR:99999999-UUID:3f1c',
  forloebId: '29026100-0100-4000-8000-290261000100',
  version: 2,
  modtager: '11',
  modtagerAarsag: 'nuvaerende-akasse',
  antal: 3,
  adresse: '2001:db8::1',
  sequence: 'b81e2a57-4c0d-47f9-9e13-6a5d2c8f7b04',
};
const SALT = '000102030405060708090a0b0c0d0e0f';
const FULL_DIGEST = '5ba4689b3f0070de6ed0b0d608f29a0c522c93ad450d60cf05da9b699df47ad6';
/** The same entry as it was before there was a field for the sequence. */
const DIGEST_WITHOUT_SEQUENCE = '0b3957a97c9e02b63081cd6495c3f621350f768278541653161993912ab5d11f';

describe('the digest of an entry', () => {
  it('of next to nothing is as it always was', () => {
    expect(digestOf(faceOf(sidesOf(PLAIN), undefined))).to.equal(PLAIN_DIGEST);
  });

  it('of every field, with what is hidden, is as it always was', () => {
    const face = faceOf(sidesOf(FULL), SALT);
    expect(face.skjult).to.equal('f45867945a7c4eabd863fd78e23557beb3caf476c0c3f4196ff24dafc74487b2');
    expect(digestOf(face)).to.equal(FULL_DIGEST);
    expect(Object.keys(FULL), 'and there are no more fields').to.have.length(AUDIT_FIELDS.length - 1);
  });

  it('of an entry without the fields that came later is as it always was', () => {
    const { sequence: _, ...before } = FULL;
    expect(digestOf(faceOf(sidesOf(before), SALT))).to.equal(DIGEST_WITHOUT_SEQUENCE);
  });

  it('is that of a face in which every personnummer is masked, and nothing else', () => {
    expect(faceOf(sidesOf(FULL), SALT)).to.deep.equal({
      ...FULL,
      activeOrganisationCode: '**********',
      userFullName: 'Søn "Ærø" **********\t\u2028\u{1F600}',
      personnummer: '290261-****',
      detaljer: '{"personnummer":"**********"}',
      skjult: 'f45867945a7c4eabd863fd78e23557beb3caf476c0c3f4196ff24dafc74487b2',
    });
  });

  it('masks as it always did', () => {
    const masked: readonly (readonly [string, string])[] = [
      [
        '290261-0001, 290261 0001, 290261.0001, 290261_0001, 290261/0001',
        Array(5).fill('**********').join(', '),
      ],
      ['x2902610001y12902610001', 'x**********y**********'],
      ['290261--0001 29026-10001 029026 10001', '290261--0001 29026-10001 **********'],
      ['29026100-0100-4000-8000-290261000100', '29026100-0100-4000-8000-290261000100'],
      ['a29026100-0100-4000-8000-290261000100', 'a29**********-4000-8000-**********'],
      ['12345678901234567890', '**********'],
      [`${'ab'.repeat(27)}2902610001`, `${'ab'.repeat(27)}2902610001`],
      [
        '2026-11-22T07:50:00.123Z +45 33 12 34 56 CVR:99999999',
        '2026-11-22T07:50:00.123Z +45 33 12 34 56 CVR:99999999',
      ],
    ];
    for (const [text, shown] of masked) expect(maskPersonnumre(text), text).to.equal(shown);
  });

  it('is held against what is kept', () => {
    const problemOf = (changes: object, salt?: string, digest = FULL_DIGEST) =>
      checkStored({ entry: { ...FULL, ...changes }, digest, ...(salt !== undefined && { salt }) }).problem;
    expect(problemOf({}, SALT)).to.equal(undefined);
    expect(problemOf({}, `${SALT.slice(1)}0`), 'another salt').to.match(/not what was written/);
    expect(problemOf({}), 'no salt').to.match(/not what was written/);
    expect(problemOf({ personnummer: '2902610002' }, SALT), 'same mask').to.match(/not what was written/);
    expect(problemOf({ personnummer: '290261-****' }, SALT), 'the mask itself').to.match(
      /not what was written/,
    );
    expect(problemOf({ version: '2' }, SALT), 'another type').to.match(/not what was written/);
    expect(problemOf({ userFullName: Buffer.from('x') }, SALT), 'no text').to.match(/not what was written/);
    for (const salt of ['', SALT])
      expect(checkStored({ entry: PLAIN, salt, digest: PLAIN_DIGEST }).problem).to.match(/its salt/);
    expect(checkStored({ entry: PLAIN, digest: PLAIN_DIGEST })).to.deep.equal({
      seq: 1,
      digest: PLAIN_DIGEST,
    });
  });
});

describe('a seal', () => {
  const first = {
    nr: 1,
    tidspunkt: '2026-11-22T07:50:05.000Z',
    forrige: NO_SEAL,
    indhold: '080877005b82ffb26d89616bef66c317266b3b17010081b4875b99b12709f0d3',
    hash: '1a6fdcf8950d7bc7098092c6a1509a34461ca8245acdc059a59d23652212bcd9',
    entries: [
      { seq: 1, digest: PLAIN_DIGEST },
      { seq: 7, digest: DIGEST_WITHOUT_SEQUENCE },
    ],
  };
  const second = {
    nr: 2,
    tidspunkt: '2026-11-22T07:50:10.000Z',
    forrige: first.hash,
    indhold: 'b4bef5bbede9eecf12583028f213bd85c93f12505e5d06239061ba1de5fa56db',
    hash: '95902cabaf3d97b6bacfe6b54ee673dbafe59bc173eebcb4eb5d47c760f2be1f',
    entries: [{ seq: 8, digest: PLAIN_DIGEST }],
  };

  it('is as it always was', () => {
    expect(makeSeal(undefined, first.entries, new Date(first.tidspunkt))).to.deep.equal(first);
    expect(makeSeal(first, second.entries, new Date(second.tidspunkt))).to.deep.equal(second);
    expect([contentHash(first.entries), sealHash(first)]).to.deep.equal([first.indhold, first.hash]);
    expect([NO_SEAL, SEAL_ENTRIES]).to.deep.equal(['0'.repeat(64), 500]);
  });
});
