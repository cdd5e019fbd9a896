// What the headers claim, judged: each cell of the policy table, each refusal beside it, and which comes first.

import { expect } from 'chai';
import { adgangFor, decideAdgang, type Krav } from '../../src/access/adgang.ts';
import { type Identitet, TLS_OFF } from '../../src/access/identitet.ts';
import { readOrganisationer } from '../../src/access/organisationer.ts';
import { TILLADTE_ORGANISATIONER } from '../../src/access/tilladte-organisationer.ts';
import type { OperationName } from '../../src/contract/names.ts';
import { dag } from '../domain/medlemskaber.ts';
import { type HeaderOrganisation, metadataOf } from '../support/envelopes.ts';

const FINGERPRINT = 'ab'.repeat(32);
/** One organisation of each kind, and a system that may act for all of them. */
const OF_KIND = {
  udk: { type: 50, code: '12345678' },
  star: { type: 51, code: '87654321' },
  akasse: { type: 2, code: '67' },
  other: { type: 7, code: '101' },
} as const;
const reference = readOrganisationer(
  JSON.stringify({
    organisationTypes: Object.entries(OF_KIND).map(([kind, { type }]) => ({ id: type, name: kind, kind })),
    userTypes: [{ id: 3, name: 'system' }],
    akasser: [
      { code: '67', name: 'Lederne' },
      { code: '31', name: 'Enogtredive', til: '2024-12-31', afloeser: '67' },
    ],
    systems: [
      {
        name: 'alt',
        fingerprint256: FINGERPRINT,
        organisations: [...Object.values(OF_KIND), { type: 2, code: '31' }],
      },
    ],
  }),
);
const ALT: Identitet = { certificate: FINGERPRINT, system: reference.systems[0]! };

const krav = (active: HeaderOrganisation, change: Partial<Krav> = {}): Krav => ({
  operation: 'GetTidligPension',
  activeOrganisation: { OrganisationTypeIdentifier: active.type, OrganisationCode: active.code },
  requestUserMetadata: metadataOf(OF_KIND.udk),
  identitet: ALT,
  idag: dag('2026-11-22'),
  ...change,
});
const outcome = (one: Krav): unknown => {
  const decided = decideAdgang(one, reference);
  return decided.ok ? decided.value : decided.fejl.kode;
};

describe('what the headers claim', () => {
  for (const [operation, celler] of Object.entries(TILLADTE_ORGANISATIONER)) {
    for (const [art, celle] of Object.entries(celler)) {
      it(`${operation} by ${art}: ${celle}`, () => {
        const active = OF_KIND[art as keyof typeof OF_KIND];
        expect(outcome(krav(active, { operation: operation as OperationName }))).to.equal(celle);
      });
    }
  }

  it('is refused for an a-kasse from the day after it was taken over', () => {
    const merged = { type: 2, code: '31' };
    expect(outcome(krav(merged, { idag: dag('2024-12-31') }))).to.equal('egne-medlemmer');
    expect(outcome(krav(merged, { idag: dag('2025-01-01') }))).to.equal(1013);
  });

  it('is refused for an a-kasse that is not in the list, though nothing else would stop it', () => {
    for (const code of ['99', '067', '6', ' 67', '__proto__'])
      expect(outcome(krav({ type: 2, code }, { identitet: TLS_OFF })), code).to.equal(1013);
    expect(outcome(krav(OF_KIND.akasse, { identitet: TLS_OFF }))).to.equal('egne-medlemmer');
  });

  it('must be what the certificate is mapped to: type and code together', () => {
    const system = { ...reference.systems[0]!, organisations: [OF_KIND.udk, OF_KIND.akasse] };
    const identitet: Identitet = { certificate: FINGERPRINT, system };
    expect(outcome(krav(OF_KIND.udk, { identitet }))).to.equal('alle');
    expect(outcome(krav(OF_KIND.star, { identitet }))).to.equal(1013);
    expect(outcome(krav({ type: 50, code: '67' }, { identitet }))).to.equal(1013);
  });

  it('follows from ActiveOrganisation alone: RequestOrganisation gives and takes nothing', () => {
    for (const request of Object.values(OF_KIND)) {
      const requestUserMetadata = metadataOf(request);
      expect(outcome(krav(OF_KIND.udk, { requestUserMetadata }))).to.equal('alle');
      expect(outcome(krav(OF_KIND.akasse, { requestUserMetadata }))).to.equal('egne-medlemmer');
    }
  });

  it('gives a-kasser the right to ask about their own, and others about all', () => {
    expect(adgangFor('alle', krav(OF_KIND.udk), reference, 42)).to.deep.equal({ omfang: 'alle' });
    expect(adgangFor('egne-medlemmer', krav(OF_KIND.akasse), reference, 6)).to.deep.equal({
      omfang: 'egne-medlemmer',
      akasse: '67',
      afloesere: { 31: '67' },
      tidligereMaaneder: 6,
    });
  });

  it('gives a-kasser the right to their own queue, and to those of the a-kasser that they have taken over by then', () => {
    const queueOn = (idag: string, active: { type: number; code: string } = OF_KIND.akasse) =>
      adgangFor('egen-koe', krav(active, { operation: 'CreateSequence', idag: dag(idag) }), reference, 6);
    expect(queueOn('2025-01-01')).to.deep.equal({ omfang: 'egen-koe', akasse: '67', koder: ['67', '31'] });
    expect(queueOn('2024-12-31')).to.deep.equal({ omfang: 'egen-koe', akasse: '67', koder: ['67'] });
    const merged = { type: 2, code: '31' };
    expect(queueOn('2024-12-31', merged)).to.deep.equal({ omfang: 'egen-koe', akasse: '31', koder: ['31'] });
  });
});
