// The besked in the words of the contract: the whole state of one version, and nothing else.

import { expect } from 'chai';
import { type Besked, beskedMessage } from '../../src/domain/besked.ts';
import { forloebId } from '../../src/domain/forloeb.ts';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import { metadataOf, UDK } from '../support/envelopes.ts';
import { dag } from './medlemskaber.ts';

const BESKED: Besked = {
  messageIdentifier: 'b81e2a57-4c0d-47f9-9e13-6a5d2c8f7b04',
  eventDate: new Date('2026-07-01T10:00:00.050Z'),
  requestUserMetadata: metadataOf(UDK),
  registrationType: 'Create',
  version: 1,
  personnummer: '2902610001' as Personnummer,
  forloebId: forloebId('5E90C7D1-2F3B-4A68-8C0E-D14B7A96F325'),
};
const SAID_OF_ALL = {
  MessageIdentifier: 'b81e2a57-4c0d-47f9-9e13-6a5d2c8f7b04',
  RequestUserMetadata: metadataOf(UDK),
  RegistrationType: 'Create',
  EventDate: '2026-07-01T12:00:00.050+02:00',
  Personnummer: '2902610001',
  TidligPensionIdentifier: '5e90c7d1-2f3b-4a68-8c0e-d14b7a96f325',
};
const overgang = { overgangsdato: dag('2026-02-01'), afgoerelsesdato: dag('2026-01-12') };
const kompensation = { afgoerelsesdato: dag('2026-01-13') };

describe('a besked says', () => {
  it('both blocks of its version, in full', () => {
    const told = { ...overgang, ophoersdato: dag('2028-06-30') };
    expect(beskedMessage({ ...BESKED, overgang: told, kompensation })).to.deep.equal({
      ...SAID_OF_ALL,
      OvergangTilTidligPension: {
        TidligPensionOvergangsdato: '2026-02-01',
        TidligPensionAfgoerelsesdato: '2026-01-12',
        TidligPensionOphoersdato: '2028-06-30',
      },
      Kompensationsudbetaling: { Kompensationsafgoerelsesdato: '2026-01-13' },
    });
  });

  it('no end where there is none, and no block that is not there', () => {
    expect(beskedMessage({ ...BESKED, overgang })).to.deep.equal({
      ...SAID_OF_ALL,
      OvergangTilTidligPension: {
        TidligPensionOvergangsdato: '2026-02-01',
        TidligPensionAfgoerelsesdato: '2026-01-12',
      },
    });
    expect(beskedMessage({ ...BESKED, kompensation })).to.have.all.keys(
      ...Object.keys(SAID_OF_ALL),
      'Kompensationsudbetaling',
    );
  });

  it('neither block of an annulment, and whether it is the first version', () => {
    expect(beskedMessage({ ...BESKED, version: 2, registrationType: 'Update' })).to.deep.equal({
      ...SAID_OF_ALL,
      RegistrationType: 'Update',
    });
  });

  it('the header of its Save as it was written, seven decimals and all', () => {
    expect(beskedMessage(BESKED).RequestUserMetadata).to.deep.equal(BESKED.requestUserMetadata);
    expect(beskedMessage(BESKED).RequestUserMetadata.RegistrationDateTime).to.equal(
      '2026-04-30T15:06:58.9218786+02:00',
    );
  });
});
