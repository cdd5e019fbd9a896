// Rule 9434: two forløb of one citizen may not overlap.

import type { Parties } from './parties.ts';

const AFGOERELSE = '2026-01-12';
/** A period; without `ophoer` its end is open. */
const from = (overgang: string, ophoer?: string) => ({
  overgang,
  afgoerelse: AFGOERELSE,
  ...(ophoer !== undefined && { ophoer }),
});

export function overlapRules(parties: Parties): void {
  it('refuses a second open end with 9434 and names the forløb in the way', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, ...from('2026-02-01') });
    await parties.refusesSave(
      { personnummer, ...from('2030-01-01') },
      9434,
      guid,
      '2026-02-01',
      'ophørsdato',
    );
    await parties.shows(personnummer, { guid, ...from('2026-02-01') });
  });

  it('refuses an open end before a period, and takes one after it', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, ...from('2026-06-01', '2026-08-31') });
    await parties.refusesSave(
      { personnummer, ...from('2026-02-01') },
      9434,
      guid,
      '2026-06-01',
      '2026-08-31',
    );
    const after = await parties.saved({ personnummer, ...from('2026-10-01') });
    await parties.shows(
      personnummer,
      { guid, ...from('2026-06-01', '2026-08-31') },
      { guid: after, ...from('2026-10-01') },
    );
  });

  it('refuses to start on the day another ends, and takes the next day', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, ...from('2026-02-01', '2026-06-30') });
    await parties.refusesSave({ personnummer, ...from('2026-06-30', '2026-07-31') }, 9434, guid);
    const next = await parties.saved({ personnummer, ...from('2026-07-01', '2026-07-31') });
    await parties.refusesSave({ personnummer, ...from('2026-01-01', '2026-02-01') }, 9434, guid);
    const before = await parties.saved({ personnummer, ...from('2026-01-01', '2026-01-31') });
    await parties.shows(
      personnummer,
      { guid, ...from('2026-02-01', '2026-06-30') },
      { guid: next, ...from('2026-07-01', '2026-07-31') },
      { guid: before, ...from('2026-01-01', '2026-01-31') },
    );
  });

  it('never compares a forløb with itself', async () => {
    const personnummer = parties.newBorger();
    const guid = await parties.saved({ personnummer, ...from('2026-02-01', '2026-06-30') });
    await parties.saved({ personnummer, guid, ...from('2026-03-01') });
    await parties.shows(personnummer, { guid, ...from('2026-03-01') });
  });

  it('takes a period where an annulled forløb was, and refuses the annulled one back', async () => {
    const personnummer = parties.newBorger();
    const annulled = await parties.saved({ personnummer, ...from('2026-02-01') });
    await parties.saved({ personnummer, guid: annulled });
    const guid = await parties.saved({ personnummer, ...from('2026-02-01') });
    await parties.refusesSave({ personnummer, guid: annulled, ...from('2026-02-01') }, 9434, guid);
    await parties.shows(personnummer, { guid: annulled }, { guid, ...from('2026-02-01') });
  });

  it('never finds an overlap with compensation alone', async () => {
    const personnummer = parties.newBorger();
    const first = await parties.saved({ personnummer, kompensation: '2026-02-01' });
    const second = await parties.saved({ personnummer, ...from('2026-02-01') });
    const third = await parties.saved({ personnummer, kompensation: '2026-02-01' });
    await parties.shows(
      personnummer,
      { guid: first, kompensation: '2026-02-01' },
      { guid: second, ...from('2026-02-01') },
      { guid: third, kompensation: '2026-02-01' },
    );
  });

  it('refuses an overwrite that drops the end date and then clashes, and keeps what was', async () => {
    const personnummer = parties.newBorger();
    const [first, second] = [parties.newGuid(), parties.newGuid()];
    await parties.saved({ personnummer, guid: first, ...from('2026-02-01', '2026-06-30') });
    await parties.saved({ personnummer, guid: second, ...from('2026-07-01') });
    await parties.refusesSave(
      { personnummer, guid: first, ...from('2026-02-01') },
      9434,
      second,
      '2026-07-01',
    );
    await parties.shows(
      personnummer,
      { guid: first, ...from('2026-02-01', '2026-06-30') },
      { guid: second, ...from('2026-07-01') },
    );
  });

  it('lets two citizens have the same period', async () => {
    for (const personnummer of [parties.newBorger(), parties.newBorger()]) {
      const guid = await parties.saved({ personnummer, ...from('2026-02-01') });
      await parties.shows(personnummer, { guid, ...from('2026-02-01') });
    }
  });
}
