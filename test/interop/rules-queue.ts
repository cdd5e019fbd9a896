// Rules of the queue: one transfer from the first call to the last, and what comes again after it was broken off.

import { expect } from 'chai';
import { member } from '../support/queue.ts';
import type { Besked } from './client-process.ts';
import { type Differences, emptied, ended, fetched, opened, type Queue, UUID } from './queue-calls.ts';

/** As a .NET client writes it: seven decimals, which no answer may lose. */
const REGISTERED = '2026-04-30T15:06:58.9218786+02:00';
const FIRST = { overgang: '2026-02-01', afgoerelse: '2026-01-12' };
const LATER = { overgang: '2026-03-01', afgoerelse: '2026-02-20', ophoer: '2027-01-31' };
const KOMPENSATION = { kompensation: '2026-01-13' };

/** The offset of Danish time at a moment, "+01:00". */
function danishOffset(at: Date): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Copenhagen', timeZoneName: 'longOffset' });
  return format
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')!
    .value.replace('GMT', '');
}

/** Holds EventDate to milliseconds, Danish time and the time of this test; then leaves it and the identifier out. */
function withoutMoment({ message, event, ...said }: Besked, since: number, { utc }: Differences): object {
  expect(message).to.match(UUID);
  expect(event).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}/);
  expect(event.slice(23)).to.equal(utc ? 'Z' : danishOffset(new Date(event)));
  expect(Date.parse(event)).to.be.within(since, Date.now());
  return said;
}

export function queueRules(queue: Queue): void {
  const { savers, differences } = queue;
  const seen = differences.registered ?? ((text: string) => text);
  /** Saves for a member of the a-kasse, three times: created, overwritten, annulled; and a kompensation for another. */
  const filled = async () => {
    const [one, other] = [member('22', 1), member('22', 2)];
    const guid = await savers.saved({ personnummer: one, ...FIRST, registered: REGISTERED });
    await savers.saved({ personnummer: one, guid, ...LATER, ...KOMPENSATION, registered: REGISTERED });
    const alone = await savers.saved({ personnummer: other, ...KOMPENSATION, registered: REGISTERED });
    await savers.saved({ personnummer: one, guid, registered: REGISTERED });
    return { one, other, guid, alone };
  };
  const identifiers = (beskeder: readonly Besked[]): string[] => beskeder.map(({ message }) => message);

  beforeEach('nothing waits', () => emptied(queue));

  it('opens a sequence over nothing, which locks nobody out', async () => {
    const { sequence, inventory } = await opened(queue);
    expect(inventory).to.deep.equal([]);
    const next = await opened(queue);
    expect(next.inventory).to.deep.equal([]);
    expect(next.sequence).not.to.equal(sequence);
  });

  it('hands out each besked with everything that the Save said, oldest first', async () => {
    const since = Date.now();
    const { one, other, guid, alone } = await filled();
    const { sequence, inventory } = await opened(queue);
    const endpoint = queue.fixture().endpointOf('WsrmMessageService');
    expect(inventory).to.deep.equal([{ service: 'GetTidligPensionVersion1', endpoint, count: 4 }]);
    const beskeder = await fetched(queue, sequence);
    expect(new Set(identifiers(beskeder)).size).to.equal(4);
    const { by } = beskeder[0]!;
    expect(by.name).to.match(/^sample : /);
    expect(by.user).to.match(/^sample-/);
    const { type, code } = queue.fixture().identity('udk').organisation;
    expect(by).to.deep.include({ userType: 3, organisationType: Number(type), organisation: code });
    expect(by.registered).to.equal(seen(REGISTERED));
    expect(beskeder.map((besked) => withoutMoment(besked, since, differences))).to.deep.equal([
      { type: 'Create', by, personnummer: one, guid, ...FIRST },
      { type: 'Update', by, personnummer: one, guid, ...LATER, ...KOMPENSATION },
      { type: 'Create', by, personnummer: other, guid: alone, ...KOMPENSATION },
      { type: 'Update', by, personnummer: one, guid },
    ]);
  });

  it('hands out the same beskeder again in the same sequence, and in the next one after Close', async () => {
    await filled();
    const first = await opened(queue);
    const beskeder = await fetched(queue, first.sequence);
    expect(beskeder).to.have.length(4);
    expect(await fetched(queue, first.sequence)).to.deep.equal(beskeder);
    await ended(queue, 'close', first.sequence);
    await ended(queue, 'close', first.sequence);
    const second = await opened(queue);
    expect(second.sequence).not.to.equal(first.sequence);
    expect(second.inventory).to.deep.equal(first.inventory);
    expect(await fetched(queue, second.sequence)).to.deep.equal(beskeder);
  });

  it('is empty once a sequence is terminated, which may be said twice', async () => {
    await filled();
    const { sequence } = await opened(queue);
    expect(await fetched(queue, sequence)).to.have.length(4);
    await ended(queue, 'terminate', sequence);
    await ended(queue, 'terminate', sequence);
    expect((await opened(queue)).inventory).to.deep.equal([]);
  });

  it('gives a list of one as a list', async () => {
    const personnummer = member('22', 3);
    await savers.saved({ personnummer, ...KOMPENSATION });
    const { sequence, inventory } = await opened(queue);
    expect(inventory[0]?.count).to.equal(1);
    const [besked, ...more] = await fetched(queue, sequence);
    expect(besked).to.include({ personnummer, type: 'Create' });
    expect(more).to.deep.equal([]);
  });

  if (differences.noNil) return;
  it('takes the elements of CreateSequence as .NET sends them, each as nil', async () => {
    await filled();
    expect((await opened(queue, 'nil')).inventory[0]?.count).to.equal(4);
  });
}
