// Stores to be copied, filled by real traffic with everything that a store can hold; and a copy as a test makes it.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import { databaseOf } from '../../src/store/address.ts';
import type { CopySide, CopyTarget } from '../../src/store/copy/sides.ts';
import { type Copied, type CopyRequest, copyStore } from '../../src/store/copy.ts';
import { copySideOf } from '../../src/store/copy-side-of.ts';
import { verifyStore } from '../../src/store/verify-store.ts';
import { anySequence } from '../domain/random.ts';
import { ModelRegister, nyBorger } from '../support/domain-model.ts';
import {
  getQuery,
  IDAG,
  importMedlemskaber,
  medlemskabLinje as linje,
  messageOf,
  NU,
  operatorEntry,
  overgang,
  portsAt,
  type StoreUnderTest,
  saveCommand,
} from '../support/store-fixtures.ts';
import { given, koe, queueCalls } from './promises/queue-calls.ts';

const A11 = koe('11');
const HOUR = 3_600_000;

/** Fills a store: everything that a column can hold is there, and a course that the seed chooses. */
export async function fill(under: StoreUnderTest, seed: number): Promise<void> {
  const { store, clock } = under;
  const { save, create, fetch, end } = queueCalls(() => under);
  const load = async (...linjer: ReturnType<typeof linje>[]): Promise<void> => {
    const done = await importMedlemskaber(store, { linjer });
    if (!done.ok) throw new Error('the import was refused');
  };
  const member = async (akasse: string): Promise<Personnummer> => {
    const borger = nyBorger();
    await load(linje(2, borger, akasse, '2010-01-01'));
    return borger;
  };
  const said = (Personnummer: Personnummer, blocks: object, id?: string) =>
    store.save(saveCommand({ Personnummer, ...blocks, ...(id && { TidligPensionIdentifier: id }) }));

  // Memberships with every column, one recalled, one of somebody who has no forløb.
  const left = { slut: '2026-06-30', efterloen: '2026-07-01', afgangsaarsag: 'E' };
  await load(linje(2, nyBorger(), '31', '2001-02-28', left));
  await load(linje(2, nyBorger(), '31', '0001-01-01', { tilbagekaldt: true }));

  // Forløb with an end, without, annulled and decided again; refused ones; readings.
  const borger = await member('11');
  const first = await said(borger, overgang('2020-02-29', '2021-12-31'));
  if (!first.ok) throw new Error('the Save was refused');
  await said(borger, {}, first.value.forloebId);
  await said(borger, overgang('0001-01-01', '9999-12-31'), first.value.forloebId);
  await said(borger, overgang('2022-01-01'));
  await store.get(getQuery(borger));
  await store.medlemskaber.show(borger, { ...operatorEntry('VisMedlemskab'), personnummer: borger });

  // Refusals that are gathered, by certificate and by address.
  for (const hvem of [{ certificate: 'ab'.repeat(32) }, { adresse: '192.0.2.7' }, { adresse: '192.0.2.7' }])
    await store.recordRefusal({
      kald: { modtaget: new Date(NU.getTime() - 120_000), idag: IDAG, correlationId: randomUUID(), ...hvem },
      fejlkode: 1101,
    });

  // A besked that was overtaken, and one that was released.
  const overtaken = nyBorger();
  const waiting = await save(overtaken);
  await load(linje(2, overtaken, '11', '2020-01-01'));
  await save(overtaken, waiting);
  const sent = given(await create(A11));
  given(await fetch(A11, sent.identifier));
  given(await end('TerminateSequence', A11, sent.identifier));
  await load(linje(2, overtaken, '11', '2020-01-01', left));
  const released = nyBorger();
  await save(released);
  await load(linje(2, released, '11', '2020-01-01', left));
  await save(nyBorger()); // waits

  // Sequences given back unseen and seen, rolled back, over nothing, and open.
  given(await end('CloseSequence', A11, given(await create(A11)).identifier));
  const seen = given(await create(A11)).identifier;
  given(await fetch(A11, seen));
  given(await end('CloseSequence', A11, seen));
  given(await create(A11));
  clock.now = new Date(NU.getTime() + 2 * HOUR);
  await store.sequences.rollBackIdle(60);
  clock.now = NU;
  given(await create(koe('67')));
  await save(await member('22'));
  given(await fetch(koe('22'), given(await create(koe('22'))).identifier));

  for (const sequence of fc.sample(anySequence, { seed, numRuns: 6 })) {
    const model = new ModelRegister();
    for (const sagt of sequence) {
      const command = saveCommand(messageOf(model, sagt));
      await store.save(command);
      model.indberet(sagt, command.nytId);
    }
  }
  // What is still being gathered when the copy begins.
  await store.recordRefusal({
    kald: { modtaget: NU, idag: IDAG, correlationId: randomUUID(), adresse: '192.0.2.9' },
    fejlkode: 1012,
  });
}

/** A side of a copy in that place. */
export const sideIn = (address: string, name: 'FROM' | 'TO' = 'FROM'): CopySide =>
  copySideOf(databaseOf(address), name, portsAt(NU), false);

/** Copies as the command does; `changes` may put something between the copy and its two sides. */
export function copyOf(from: string, to: string, changes: Partial<CopyRequest> = {}): Promise<Copied> {
  return copyStore({
    from: sideIn(from, 'FROM'),
    to: sideIn(to, 'TO'),
    entry: (detaljer) => ({ ...operatorEntry('KopierStore'), detaljer }),
    onRows: () => undefined,
    verify: async (rows) => {
      const bad: string[] = [];
      try {
        for await (const { id, ok, violations } of verifyStore(rows))
          if (!ok) bad.push(`${id} (${violations.join('; ')})`);
      } finally {
        await rows.close();
      }
      return bad;
    },
    ...changes,
  });
}

/** What a copy that was stopped ends with. */
export class Stopped extends Error {}

/** A side that ends, as if the process did, behind so many changes of it. */
export function stoppedAt(side: CopySide, changes: number): CopySide {
  let left = changes;
  const counted =
    <A extends unknown[]>(work: (...given: A) => Promise<void>) =>
    async (...given: A): Promise<void> => {
      if (left === 0) throw new Stopped();
      left -= 1;
      await work(...given);
      if (left === 0) throw new Stopped();
    };
  const stopping = (target: CopyTarget): CopyTarget => ({
    write: counted(target.write),
    complete: counted(target.complete),
    finish: target.finish,
    close: target.close,
  });
  return {
    ...side,
    begin: async (origin) => stopping(await side.begin(origin)),
    goOn: async () => stopping(await side.goOn()),
  };
}

/** Copies until so many changes have been made, and leaves what is there then. */
export async function copyStoppedAt(from: string, to: string, changes: number): Promise<void> {
  try {
    await copyOf(from, to, { to: stoppedAt(sideIn(to, 'TO'), changes) });
  } catch (error) {
    if (error instanceof Stopped) return;
    throw error;
  }
  throw new Error('the copy was finished before');
}
