// `pension outbox close-sequence`: an a-kasse whose system is stuck gets its beskeder in the next sequence.

import { expect } from 'chai';
import { type CliResult, pension } from '../../support/cli.ts';
import { member } from '../../support/queue.ts';
import { Filled, koe } from './filled.ts';

const NU = new Date(Date.now() - 1_800_000);
const NEVER_WAS = '7c1f7c1e-0000-4000-8000-00000000dead';

describe('pension outbox close-sequence', () => {
  let store: Filled;
  let id: string;
  beforeEach(async () => {
    store = new Filled();
    await store.register(NU, '22', 1);
    id = await store.save(NU, member('22', 1));
  });
  const close = (...args: string[]): Promise<CliResult> =>
    pension(['outbox', 'close-sequence', ...args], { env: { PENSION_STORE: store.address } });

  it('gives the beskeder of an open sequence back, and leaves an entry', async () => {
    const stuck = await store.create(NU, koe('22'));
    const before = (await store.entries()).length;
    expect(await close(stuck.toUpperCase())).to.deep.equal({
      code: 0,
      signal: null,
      stdout: `The sequence ${stuck} was open and is closed: its beskeder come again in the next one.\n`,
      stderr: '',
    });
    const left = (await store.entries()).slice(before);
    expect(left).to.have.length(1);
    expect(left[0]).to.include({
      operation: 'LukSequence',
      udfald: 'udfoert',
      modtager: '22',
      sequence: stuck,
    });
    expect(left[0]!.userIdentifier).to.match(/^os:./);
    const next = await store.create(NU, koe('22'));
    expect(await store.fetch(NU, koe('22'), next)).to.deep.equal([`${id} 1`]);
  });

  it('says as JSON what it did', async () => {
    const identifier = await store.create(NU, koe('22'));
    const { code, stdout } = await close(identifier, '--json');
    expect({ code, ...JSON.parse(stdout) }).to.deep.equal({
      code: 0,
      identifier,
      was: 'open',
      state: 'closed',
    });
  });

  it('changes nothing in any other state, says which it is, and leaves an entry that says so', async () => {
    const closed = await store.create(NU, koe('22'));
    await store.end(NU, koe('22'), 'CloseSequence', closed);
    const rolledBack = await store.create(NU, koe('22'));
    await store.at(new Date(), (open) => open.sequences.rollBackIdle(5));
    const terminated = await store.create(NU, koe('22'));
    await store.end(NU, koe('22'), 'TerminateSequence', terminated);
    const before = (await store.entries()).length;
    const states: [string, RegExp][] = [
      [closed, /is closed: its beskeder went back/],
      [rolledBack, /is rolled back, .*: its beskeder went back/],
      [terminated, /is terminated: its beskeder have left/],
      [NEVER_WAS, /No sequence has the identifier/],
      [store.row(id, 1).id, /No sequence has the identifier/],
    ];
    for (const [identifier, says] of states) {
      const result = await close(identifier);
      expect(result).to.include({ code: 1, stdout: '' });
      expect(result.stderr).to.match(says);
    }
    const left = (await store.entries()).slice(before);
    expect(left.map(({ operation, detaljer }) => [operation, JSON.parse(detaljer!)])).to.deep.equal(
      [closed, rolledBack, terminated, NEVER_WAS, store.row(id, 1).id].map((identifier, at) => [
        'LukSequence',
        { identifier, var: ['closed', 'rolled-back', 'terminated', null, null][at] },
      ]),
    );
    expect(await close('stuck')).to.include({ code: 2, stdout: '' });
  });
});
