// Calls that were answered 1011 without an audit entry are counted, and entered when the store is well again.

import { expect } from 'chai';
import type { NewAuditEntry } from '../../src/access/audit/entry.ts';
import { watchStore } from '../../src/cli/store-watch.ts';
import type { Kald, Store } from '../../src/store/store.ts';

describe('the gap that a failing store leaves in the trail', () => {
  const kaldAt = (second: number): Kald =>
    ({ modtaget: new Date(Date.UTC(2026, 0, 1, 12, 0, second)) }) as Kald;
  const watched = () => {
    const entries: NewAuditEntry[] = [];
    const lines: string[] = [];
    const state = { isFull: true, slow: 0 };
    const log = (text: string, fields?: object): void => void lines.push(`${text} ${JSON.stringify(fields)}`);
    const store = {
      health: {
        failure: () => (state.isFull ? { cause: 'full', since: new Date(0) } : undefined),
        tryAgain: async () => undefined,
      },
      audit: {
        record: async (entry: NewAuditEntry) => {
          if (state.isFull) throw new Error('full');
          await new Promise((resolve) => setTimeout(resolve, state.slow));
          entries.push(entry);
        },
      },
    } as unknown as Store;
    return {
      entries,
      lines,
      state,
      watch: watchStore(store, { error: log, warn: log, info: log, debug: log }),
    };
  };
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('is one entry: how many, from when to when, and why', async () => {
    const { entries, lines, state, watch } = watched();
    for (const second of [1, 2, 9]) watch.onUnrecorded(kaldAt(second));
    await until(() => lines.some((line) => line.startsWith('THE STORE FAILS')));
    expect(entries).to.deep.equal([]);
    state.isFull = false;
    await until(() => entries.length > 0);
    expect(entries[0]).to.include({ operation: 'MeldSvigt', udfald: 'udfoert', system: 'pension' });
    expect(JSON.parse(entries[0]!.detaljer!)).to.deep.equal({
      antal: 3,
      fra: '2026-01-01T12:00:01.000Z',
      til: '2026-01-01T12:00:09.000Z',
      aarsag: 'full',
    });
    expect(lines.some((line) => line.includes('well again') && line.includes('"unrecorded":3'))).to.equal(
      true,
    );
    await watch.stop();
    expect(entries, 'entered once').to.have.length(1);
  });

  it('is entered when the service stops before it was seen that the store is well', async () => {
    const { entries, state, watch } = watched();
    watch.onUnrecorded(kaldAt(1));
    state.isFull = false;
    await watch.stop();
    expect(entries).to.have.length(1);
  });

  it('is entered once, also when the service stops while it is being entered', async () => {
    const { entries, lines, state, watch } = watched();
    Object.assign(state, { isFull: false, slow: 1_500 });
    watch.onUnrecorded(kaldAt(1));
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // it is under way
    watch.onUnrecorded(kaldAt(2));
    await watch.stop();
    expect(entries.map(({ detaljer }) => (JSON.parse(detaljer!) as { antal: number }).antal)).to.deep.equal([
      1, 1,
    ]);
    expect(lines.filter((line) => line.includes('could not be kept'))).to.deep.equal([]);
  });

  it('is entered too when the store was well and something else was wrong', async () => {
    const { entries, state, watch } = watched();
    state.isFull = false;
    watch.onUnrecorded(kaldAt(1));
    await until(() => entries.length > 0);
    expect(JSON.parse(entries[0]!.detaljer!)).to.deep.include({
      antal: 1,
      aarsag: 'unexpected errors; the log has them',
    });
    await watch.stop();
  });

  it('is nothing when no call was without its entry, and stays for later when it cannot be kept', async () => {
    const { entries, lines, watch, state } = watched();
    await watch.stop();
    watch.onUnrecorded(kaldAt(1));
    await watch.stop();
    expect(entries).to.deep.equal([]);
    expect(lines.some((line) => line.includes('could not be kept in the trail'))).to.equal(true);
    state.isFull = false;
    await watch.stop();
    expect(entries).to.have.length(1);
  });
});
