// Rules on who calls: headers, certificates and what an organisation may do. Each refusal is a fault that can be read.

import { expect } from 'chai';
import type { Parties } from './parties.ts';

const SAVE = { overgang: '2026-02-01', afgoerelse: '2026-01-12' };

export function callerRules(parties: Parties): void {
  for (const [header, code] of [
    ['ActiveOrganisationHeader', 8232],
    ['RequestUserMetadataHeader', 8233],
  ] as const) {
    it(`refuses a call without ${header} with ${code}`, async () => {
      const personnummer = parties.newBorger();
      await parties.refusesSave({ personnummer, ...SAVE, without: header }, code, header);
      parties.isFault(await parties.as('udk').get(personnummer, { without: header }), code, header);
      await parties.shows(personnummer);
    });
  }

  it('lets STAR report and read', async () => {
    const personnummer = parties.newBorger();
    const outcome = await parties.as('star').save({ personnummer, ...SAVE });
    expect(outcome).to.have.all.keys('guid');
    const list = [{ ...outcome, ...SAVE }];
    expect(await parties.as('star').get(personnummer)).to.deep.equal({ list });
  });

  it('refuses an a-kasse that saves with 1013, and one that reads a stranger with 4575', async () => {
    const personnummer = parties.newBorger();
    parties.isFault(await parties.as('akasse-67').save({ personnummer, ...SAVE }), 1013);
    parties.isFault(await parties.as('akasse-67').get(personnummer), 4575);
    await parties.shows(personnummer);
  });

  it('refuses a call without a certificate with 1101', async () => {
    const personnummer = parties.newBorger();
    parties.isFault(await parties.as('none').save({ personnummer, ...SAVE }), 1101);
    parties.isFault(await parties.as('none').get(personnummer), 1101);
    await parties.shows(personnummer);
  });

  it('refuses a certificate that belongs to no system with 1012', async () => {
    const personnummer = parties.newBorger();
    parties.isFault(await parties.as('ukendt').save({ personnummer, ...SAVE }), 1012, 'no system');
    parties.isFault(await parties.as('ukendt').get(personnummer), 1012, 'no system');
    await parties.shows(personnummer);
  });
}
