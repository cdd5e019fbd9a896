// One trail sealed by several: the chain stays whole, each entry is under one seal, and nothing is lost.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openSqliteAudit, openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { IDAG, kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { verifyFile } from './audit-fixture.ts';
import { newPath } from './under-test.ts';

const CHILD = fileURLToPath(new URL('./audit-child.ts', import.meta.url));
const refusal = (seconds: number) => ({
  kald: {
    modtaget: new Date(NU.getTime() + seconds * 1000),
    idag: IDAG,
    correlationId: `call-${seconds}`,
    adresse: '192.0.2.1',
  },
  fejlkode: 1101 as const,
});

/** How many refusals the entries of the gathered ones stand for. */
async function refusalsIn(file: string): Promise<number> {
  const audit = openSqliteAudit(file);
  const filter = { equals: { fejlkode: 1101 } };
  const entries = await audit.entries({ after: 0, limit: 10_000, filter });
  await audit.close();
  return entries.reduce((sum, { entry }) => sum + (entry.antal ?? 1), 0);
}

describe('a trail that several seal', () => {
  it('is whole when two open stores seal at once while both write', async () => {
    const file = newPath();
    const later = portsAt(new Date(NU.getTime() + 60_000));
    const stores = [openSqliteStore(file, later), openSqliteStore(file, later)];
    const answers = stores.map(async (store) => {
      for (let i = 0; i < 40; i += 1) {
        const [saved] = await Promise.all([
          store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') })),
          store.recordRefusal(refusal(0)),
          store.audit.seal(),
        ]);
        expect(saved.ok).to.equal(true);
      }
    });
    await Promise.all(answers);
    await Promise.all(stores.map((store) => store.close()));
    expect(await refusalsIn(file)).to.equal(80);
    expect(await verifyFile(file)).to.include({ ok: true, unsealed: 0 });
  });

  it('is whole when processes do', async () => {
    const [file, processes, calls] = [newPath(), 3, 25];
    await openSqliteStore(file, portsAt(NU)).close();
    const children = Array.from({ length: processes }, () => fork(CHILD, [file, String(calls)]));
    await Promise.all(children.map((child) => once(child, 'message')));
    const answers = children.map(async (child) => {
      const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [string[]];
      return answer;
    });
    const exits = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('begin');
    expect((await Promise.all(answers)).flat()).to.deep.equal(Array(processes * calls).fill('saved'));
    await Promise.all(exits);
    expect(await refusalsIn(file)).to.equal(processes * calls);
    expect(await verifyFile(file)).to.include({ ok: true, unsealed: 0 });
  });

  it('is whole and sealed after a store was closed, with all that was still being gathered', async () => {
    const file = newPath();
    const store = openSqliteStore(file, portsAt(NU));
    for (const seconds of [-60, 0, 0, 3_600]) await store.recordRefusal(refusal(seconds)); // clocks may differ
    await store.close();
    expect(await refusalsIn(file)).to.equal(4);
    expect(await verifyFile(file)).to.include({ ok: true, entries: 3, unsealed: 0, seals: 1 });
    const audit = openSqliteAudit(file);
    expect(await audit.gathering()).to.deep.equal([]);
    await audit.close();
  });
});
