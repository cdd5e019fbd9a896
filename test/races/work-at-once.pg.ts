// What is done once, done by three processes at the same moment: imports, sweeps, seals, roll-backs and closed sequences.
// Each has its effect and its entry once, and the trail verifies.
//
// PENSION_TEST_ROUNDS says how often, a tenth of it; PENSION_TEST_SEED when.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Store } from '../../src/store/store.ts';
import { rows } from '../store/postgres/under-test.ts';
import { queueCalls } from '../store/promises/queue-calls.ts';
import { nyBorger } from '../support/domain-model.ts';
import { seeded } from '../support/seeded.ts';
import {
  IDAG,
  importMedlemskaber,
  kompensation,
  medlemskabLinje,
  NU,
  operatorEntry,
  type StoreUnderTest,
  saveCommand,
} from '../support/store-fixtures.ts';
import { named, ON_POSTGRES, SEED } from './course.ts';
import { databaseStore } from './race-store.ts';
import { ThreeStores } from './three-stores.ts';

const ROUNDS = Math.ceil(ON_POSTGRES.rounds / 10);
const CITIZENS = 10;
const MANY = 30;
const IDLE = 60;

const calls = (store: Store) => queueCalls(() => ({ store }) as StoreUnderTest);
const koe = (akasse: string) => ({ akasse, koder: [akasse] }) as never;

/** Beskeder that imports have looked at. */
const releases = async (three: ThreeStores) => ({
  released: (await three.entries('FrigivBesked')).length,
  overtaken: (await three.entries('OverhalBesked')).length,
});

describe('three processes on one database that do the same at the same moment', function () {
  this.timeout(180_000 + ROUNDS * 5_000);
  this.slow(60_000);
  const chance = seeded(SEED);
  const done: string[] = [];
  let three: ThreeStores;
  beforeEach(async () => {
    three = await ThreeStores.open();
  });
  afterEach(async () => {
    await three.close();
    expect(await (await databaseStore(three.url)).check(), 'invariants').to.deep.equal([]);
  });
  after(() => {
    if (done.length === 5)
      console.log(
        `      R8${ON_POSTGRES.on}: by three processes at once, ${ROUNDS} times: ${done.join('; ')}; each once, deadlocks 0`,
      );
  });
  const times = async (work: (nr: number) => Promise<void>): Promise<void> => {
    for (let nr = 0; nr < ROUNDS; nr += 1) await named(`time ${nr}`, work(nr), ON_POSTGRES);
  };

  it('import registers one after the other, and release each besked once', () =>
    times(async () => {
      const borgere = Array.from({ length: CITIZENS }, nyBorger);
      for (const Personnummer of borgere)
        await three.stores[0]!.save(saveCommand({ Personnummer, ...kompensation('2026-01-01') }));
      const before = (await three.entries('FrigivBesked')).length;
      const imports = await three.atOnce((store, nr) =>
        importMedlemskaber(store, {
          linjer: borgere
            .map((borger, at) =>
              medlemskabLinje(at + 2, borger, '11', '2010-01-01', {
                slut: `2020-12-1${nr}`,
                efterloen: '2021-01-01',
              }),
            )
            .slice(nr === 2 ? CITIZENS / 2 : 0), // the third one knows half of them
          entry: { ...operatorEntry('ImportMedlemskaber'), correlationId: `import ${nr}` },
        }),
      );
      const sum = (key: 'nye' | 'aendrede' | 'frigivne'): number =>
        imports.reduce((total, one) => total + (one.ok ? one[key] : Number.NaN), 0);
      expect([sum('nye'), sum('aendrede'), sum('frigivne')]).to.deep.equal([
        CITIZENS,
        1.5 * CITIZENS,
        CITIZENS,
      ]);
      expect(await three.entries('FrigivBesked')).to.have.length(before + CITIZENS);
    }).then(() => done.push(`${3 * ROUNDS} imports, ${ROUNDS * CITIZENS} beskeder released`)));

  it('release a besked, or fetch the later one of its forløb and leave it behind', () =>
    times(async () => {
      const forloeb = Array.from({ length: MANY }, () => ({ Personnummer: nyBorger(), id: randomUUID() }));
      const saveAll = () =>
        three.atOnce((store, nr) =>
          Promise.all(
            forloeb
              .filter((_, at) => at % three.stores.length === nr)
              .map(({ Personnummer, id }) =>
                store.save(
                  saveCommand({ Personnummer, TidligPensionIdentifier: id, ...kompensation('2026-01-01') }),
                ),
              ),
          ),
        );
      const importAll = (rest = {}) =>
        importMedlemskaber(three.stores[0]!, {
          linjer: forloeb.map((one, at) =>
            medlemskabLinje(at + 2, one.Personnummer, '77', '2010-01-01', rest),
          ),
        });
      await saveAll();
      const begun = performance.now();
      await importAll();
      const takes = performance.now() - begun;
      await saveAll();
      const before = await releases(three);
      const fetchAll = async (store: Store): Promise<void> => {
        for (let empty = 0; empty < 3; ) {
          const opened = await calls(store).create(koe('77'));
          if (!('identifier' in opened)) continue;
          if (opened.antal === 0) empty += 1;
          await calls(store).fetch(koe('77'), opened.identifier);
          await calls(store).end('TerminateSequence', koe('77'), opened.identifier);
        }
      };
      const importing = importAll({ slut: '2020-12-31', efterloen: '2021-01-01' });
      await sleep((takes * (30 + chance.below(100))) / 100); // in some rounds it is just at the releasing
      await Promise.all([importing, fetchAll(three.stores[1]!), fetchAll(three.stores[2]!)]);
      await fetchAll(three.stores[1]!);
      const { released, overtaken } = await releases(three);
      expect(released + overtaken - before.released - before.overtaken).to.equal(MANY);
    })
      .then(() => releases(three))
      .then(({ released, overtaken }) =>
        done.push(`${released} beskeder released and ${overtaken} left behind`),
      ));

  it('queue a missing besked again once', () =>
    times(async () => {
      for (let nr = 0; nr < CITIZENS; nr += 1)
        await three.stores[0]!.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
      const before = (await three.entries('GenskabBesked')).length;
      const { taken, result } = await three.withoutSome(3, () =>
        three.atOnce((store) =>
          store.outbox.sweep({
            recreate: true,
            idag: IDAG,
            afloesere: {},
            entry: operatorEntry('GennemgaaOutbox'),
          }),
        ),
      );
      expect(taken).to.be.above(0);
      const queued = result
        .flatMap(({ missing }) => missing)
        .filter((one) => one.modtagerAarsag !== undefined);
      expect(queued, 'queued again by one of the three').to.have.length(taken);
      expect(
        result.filter(({ missing, recreated }) => missing.length > recreated),
        'left',
      ).to.deep.equal([]);
      expect(await three.entries('GenskabBesked')).to.have.length(before + taken);
    }).then(() => done.push(`${3 * ROUNDS} sweeps`)));

  it('seal the trail and close what was gathered, while entries come in', async () => {
    let gathered = 0;
    await times(async (round) => {
      const minute = new Date(NU.getTime() - (round + 2) * 60_000);
      const refuse = (store: Store): Promise<void> => {
        gathered += 1;
        const head = { modtaget: minute, idag: IDAG, correlationId: randomUUID(), adresse: '192.0.2.7' };
        return store.recordRefusal({ kald: head, fejlkode: 1101 });
      };
      await three.atOnce((store) =>
        Promise.all([
          ...Array.from({ length: 5 }, () => refuse(store)),
          ...Array.from({ length: 5 }, () => store.audit.record(operatorEntry('VisOutbox'))),
          store.audit.seal(),
          refuse(store).then(() => store.audit.seal()),
          store.audit.entries({ after: 0, limit: 10 }),
        ]),
      );
    });
    await three.atOnce((store) => store.audit.seal());
    const [sums] = await rows<{ entries: number; refusals: number; unsealed: number }>(
      three.url,
      `SELECT count(*) FILTER (WHERE operation = 'VisOutbox') AS entries,
              sum(coalesce(antal, 1)) FILTER (WHERE fejlkode = 1101) AS refusals,
              count(*) FILTER (WHERE seq > (SELECT max(sidste) FROM audit_seal)) AS unsealed FROM audit_entry`,
    );
    expect(sums).to.deep.equal({ entries: 15 * ROUNDS, refusals: gathered, unsealed: 0 });
    done.push(`${9 * ROUNDS} seals asked for`);
  });

  it('roll an idle sequence back, and close one, once', async () => {
    const akasser = ['11', '22', '33', '44', '55', '66'];
    const borgere = akasser.map((akasse, at) => medlemskabLinje(at + 2, nyBorger(), akasse, '2010-01-01'));
    await importMedlemskaber(three.stores[0]!, { linjer: borgere });
    for (const { personnummer } of borgere)
      await three.stores[0]!.save(saveCommand({ Personnummer: personnummer, ...kompensation('2026-01-01') }));
    await times(async () => {
      const before = (await three.entries('RulSequenceTilbage')).length;
      const opened = await Promise.all(
        akasser.map(async (akasse) => {
          const sequence = (await calls(three.stores[0]!).create(koe(akasse))) as { identifier: string };
          await calls(three.stores[1]!).fetch(koe(akasse), sequence.identifier);
          return sequence.identifier;
        }),
      );
      const closing = opened.slice(0, 2);
      const closed = await three.atOnce((store) =>
        Promise.all(closing.map((one) => store.outbox.closeSequence(one, operatorEntry('LukSequence')))),
      );
      for (const at of closing.keys())
        expect(closed.map((states) => states[at]).sort()).to.deep.equal(['closed', 'closed', 'open']);
      three.clock.now = new Date(three.clock.now.getTime() + IDLE * 60_000);
      const rolledBack = (await three.atOnce((store) => store.sequences.rollBackIdle(IDLE))).flat();
      expect(rolledBack.sort()).to.deep.equal(opened.slice(2).sort());
      const entries = (await three.entries('RulSequenceTilbage')).slice(before);
      expect(entries).to.have.length(opened.length - closing.length);
    });
    done.push(`${ROUNDS * akasser.length} sequences rolled back or closed`);
  });
});
