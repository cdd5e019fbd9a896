// Rules of Save and Get for one forløb: what a write keeps, what it drops, what it refuses.

import { expect } from 'chai';
import type { Parties } from './parties.ts';

const OVERGANG = { overgang: '2026-02-01', afgoerelse: '2026-01-12' };

export function savingRules(parties: Parties): void {
  it('creates without a GUID and gives the one that was made', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, ...OVERGANG });
    await parties.shows(personnummer, { guid, ...OVERGANG });
  });

  it('makes two forløb of two creates without a GUID, shown in the order of registration', async () => {
    const personnummer = parties.newBorger();
    const first = await parties.saved({ personnummer, ...OVERGANG, ophoer: '2026-02-28' });
    const second = await parties.saved({ personnummer, kompensation: '2026-01-12' });
    expect(second).not.to.equal(first);
    await parties.shows(
      personnummer,
      { guid: first, ...OVERGANG, ophoer: '2026-02-28' },
      { guid: second, kompensation: '2026-01-12' },
    );
  });

  it('takes a GUID in upper case and gives it in lower case', async () => {
    const personnummer = parties.newBorger();
    const guid = parties.newGuid();
    await parties.saved({ personnummer, guid: guid.toUpperCase(), ...OVERGANG });
    await parties.saved({ personnummer, guid, kompensation: '2026-01-12' });
    await parties.shows(personnummer, { guid, kompensation: '2026-01-12' });
  });

  it('overwrites the whole forløb', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({
      personnummer,
      ...OVERGANG,
      ophoer: '2026-12-31',
      kompensation: '2026-01-13',
    });
    await parties.shows(personnummer, {
      guid,
      ...OVERGANG,
      ophoer: '2026-12-31',
      kompensation: '2026-01-13',
    });
    const later = { overgang: '2026-03-01', afgoerelse: '2026-02-20', ophoer: '2027-01-31' };
    await parties.saved({ personnummer, guid, ...later });
    await parties.shows(personnummer, { guid, ...later });
  });

  it('drops the end date when it is left out', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, ...OVERGANG, ophoer: '2026-12-31' });
    await parties.saved({ personnummer, guid, ...OVERGANG });
    await parties.shows(personnummer, { guid, ...OVERGANG });
  });

  it('annuls with neither block; Get then shows the identifier alone', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, ...OVERGANG, kompensation: '2026-01-12' });
    await parties.saved({ personnummer, guid });
    await parties.shows(personnummer, { guid });
  });

  it('takes compensation alone', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, kompensation: '2026-01-12' });
    await parties.shows(personnummer, { guid, kompensation: '2026-01-12' });
  });

  it('drops the zone of a date and not a day with it', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({
      personnummer,
      overgang: '2026-02-01+14:00',
      afgoerelse: '2026-01-12Z',
      ophoer: '2026-12-31-12:00',
      kompensation: '2026-01-13+01:00',
    });
    await parties.shows(personnummer, {
      guid,
      ...OVERGANG,
      ophoer: '2026-12-31',
      kompensation: '2026-01-13',
    });
  });

  it('answers with an empty list for a citizen it does not know', async () => {
    await parties.shows(parties.newBorger());
  });

  it('refuses an end before the start with 4636, and takes equal days', async () => {
    const personnummer = parties.newBorger();
    await parties.refusesSave({ personnummer, ...OVERGANG, ophoer: '2026-01-31' }, 4636);
    await parties.shows(personnummer);
    const guid = await parties.saved({ personnummer, ...OVERGANG, ophoer: OVERGANG.overgang });
    await parties.shows(personnummer, { guid, ...OVERGANG, ophoer: OVERGANG.overgang });
  });

  it('refuses ten zeros with 1001, in Save and in Get', async () => {
    await parties.refusesSave({ personnummer: '0000000000', ...OVERGANG }, 1001);
    parties.isFault(await parties.as('udk').get('0000000000'), 1001);
  });

  it('refuses an impossible personnummer with 1014 and names the element', async () => {
    await parties.refusesSave({ personnummer: '3113600001', ...OVERGANG }, 1014, 'Personnummer');
    parties.isFault(await parties.as('udk').get('3113600001'), 1014, 'Personnummer');
  });

  it('refuses a first write with neither block with 1014', async () => {
    const personnummer = parties.newBorger();
    await parties.refusesSave({ personnummer }, 1014);
    await parties.refusesSave({ personnummer, guid: parties.newGuid() }, 1014);
    await parties.shows(personnummer);
  });

  it('refuses the GUID of another citizen with 1014 and changes nothing', async () => {
    const [personnummer, other] = [parties.newBorger(), parties.newBorger()];
    const guid = await parties.saved({ personnummer, ...OVERGANG });
    await parties.refusesSave({ personnummer: other, guid, ...OVERGANG }, 1014);
    await parties.shows(personnummer, { guid, ...OVERGANG });
    await parties.shows(other);
  });
}
