// What a copy of a store promises, whatever databases it is from and to: all of it, once, or nothing that could be taken
// for a store; and that whatever stops it, it can be gone on with.

import { expect } from 'chai';
import { digestsOf } from '../../src/store/copy/digest.ts';
import type { CopySide, CopyTarget } from '../../src/store/copy/sides.ts';
import type { Copied } from '../../src/store/copy.ts';
import {
  inspectStore,
  openAudit,
  openRows,
  openStore,
  type StoreRows,
  verifyStore,
} from '../../src/store/open-store.ts';
import { nyBorger } from '../support/domain-model.ts';
import {
  type KeptEntry,
  NU,
  operatorEntry,
  overgang,
  portsAt,
  type StoreUnderTest,
  saveCommand,
} from '../support/store-fixtures.ts';
import { copyOf, copyStoppedAt, fill, Stopped, sideIn, stoppedAt } from './copied.ts';
import { given, koe, queueCalls } from './promises/queue-calls.ts';

/** A database as these tests use it. */
export interface CopyPlaces {
  /** The address of a new place in which there is nothing. */
  make(): Promise<string>;
  /** Opens what is there, or an empty store. */
  open(address: string): Promise<StoreUnderTest>;
  /** Runs a statement behind the back of the program; the triggers of an unfinished copy do not hold it up. */
  direct(address: string, sql: string): Promise<void>;
}

const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
/** Tables in which a finished copy has something of its own, behind what came with it. */
const TRAIL = ['audit_entry', 'audit_seal'];

/**
 * Declares them for two databases: only that every row is there, also those about the source, or all of them. What has
 * been asked of a database already need not be asked again.
 */
export function copyPromises(
  name: string,
  [from, to]: readonly [CopyPlaces, CopyPlaces],
  asked: 'rows' | 'source' | 'all',
): void {
  describe(`a copy from ${name}`, function () {
    this.timeout(60_000);
    const replay = `replay it with PENSION_TEST_SEED=${SEED}`;
    let source: string;
    let target: string;
    before(async () => {
      source = await from.make();
      const under = await from.open(source);
      await fill(under, SEED);
      await under.store.close();
    });
    beforeEach(async () => {
      target = await to.make();
    });

    const trailOf = async (address: string) => {
      const audit = await openAudit(address);
      try {
        return {
          entries: await audit.entries({ after: 0, limit: 100_000 }),
          seals: await audit.seals({ after: 0, limit: 1_000 }),
        };
      } finally {
        await audit.close();
      }
    };
    const rowsOf = async (side: CopySide) => {
      const reader = await side.read();
      const digests = await digestsOf(reader);
      await reader.close();
      return Object.fromEntries([...digests].filter(([table]) => !TRAIL.includes(table)));
    };
    const refused = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => expect.fail('it was not refused'),
        (error: Error) => error.message,
      );
    const whole = async (copied: Copied): Promise<void> => {
      expect(await rowsOf(sideIn(target)), replay).to.deep.equal(await rowsOf(sideIn(source)));
      const [was, is] = [await trailOf(source), await trailOf(target)];
      expect(is.entries.slice(0, was.entries.length), replay).to.deep.equal(was.entries);
      expect(is.seals.slice(0, was.seals.length), replay).to.deep.equal(was.seals);
      const behind = is.entries.slice(was.entries.length).map(({ entry }) => entry as KeptEntry);
      expect(behind.map(({ operation }) => operation)).to.deep.equal(['KopierStore']);
      const seal = was.seals.at(-1)!;
      expect(JSON.parse(behind[0]!.detaljer!)).to.deep.equal({
        trin: 'faerdig',
        fra: sideIn(source).kind,
        poster: was.entries.length,
        segl: `${seal.nr}:${seal.hash}`,
      });
      expect(is.seals.at(-1)!.entries.at(-1)!.seq).to.equal(was.entries.length + 1);
      expect(copied.poster).to.equal(was.entries.length);
    };

    it('has every row, and the trail goes on behind the seam', async () => {
      const copied = await copyOf(source, target);
      expect(copied.found).to.equal('nothing');
      for (const [table, rows] of copied.rows) expect(rows, table).to.be.greaterThan(0);
      await whole(copied);
      const told = (await trailOf(source)).entries.at(-1)!.entry;
      expect(JSON.parse(told.detaljer!)).to.deep.equal({ trin: 'paabegyndt', til: sideIn(target).kind });
    });

    if (asked === 'rows') return;

    it('goes on as a store: Saves, sequences and imports come behind what came with it', async () => {
      await copyOf(source, target);
      const under = await to.open(target);
      const { save, create, fetch, end } = queueCalls(() => under);
      const open = (await under.store.outbox.lengths()).reduce((all, { waiting }) => all + waiting, 0);
      expect(open).to.be.greaterThan(0);
      await save(nyBorger());
      const { identifier, antal } = given(await create(koe('11')));
      expect(antal).to.be.greaterThan(0);
      given(await fetch(koe('11'), identifier));
      given(await end('TerminateSequence', koe('11'), identifier));
      await under.store.close();
      const rows = await openRows(target);
      const counters = await rows.trail.counters();
      await rows.close();
      expect(counters.entries).to.equal((await trailOf(target)).entries.length);
      expect(await badOf(target)).to.deep.equal([]);
    });

    it('is not gone on with once the source has changed, nor finished when it changes meanwhile', async () => {
      const own = await from.make();
      const under = await from.open(own);
      await under.store.save(saveCommand({ Personnummer: nyBorger(), ...overgang('2026-01-01') }));
      await under.store.close();
      const goOn = async (): Promise<void> => {
        const store = await openStore(own, portsAt(NU));
        await store.audit.record(operatorEntry('VisOutbox'));
        await store.close();
      };
      const atLast = async (rows: StoreRows): Promise<string[]> => {
        await rows.close();
        await goOn();
        return [];
      };
      const late = await refused(copyOf(own, target, { verify: atLast }));
      expect(late).to.match(/FROM has gone on since this copy was begun/);
      expect(await refused(copyOf(own, target))).to.match(/Stop its services, remove TO, and begin again/);
      const other = await to.make();
      const side = watched(sideIn(other, 'TO'), { complete: goOn });
      const meanwhile = copyOf(own, other, { to: side });
      expect(await refused(meanwhile)).to.match(/FROM has gone on since this copy was begun/);
      expect((await inspectStore(target)).state).to.equal('unusable');
    });

    it('is not begun while something comes in', async () => {
      const own = await from.make();
      const { store } = await from.open(own);
      const side: CopySide = {
        ...sideIn(own),
        read: async () => {
          await store.audit.record(operatorEntry('VisOutbox'));
          return sideIn(own).read();
        },
      };
      expect(await refused(copyOf(own, target, { from: side }))).to.match(/FROM is in use/);
      expect((await inspectStore(target)).state).to.equal('none');
      await store.close();
    });

    if (asked === 'source') return;

    it('is the same whichever step it was stopped at, and gone on with', async () => {
      let steps = 0;
      const copied = await (async (): Promise<Copied> => {
        for (let at = 1; ; at += 1) {
          try {
            return await copyOf(source, target, { to: stoppedAt(sideIn(target, 'TO'), 1) });
          } catch (error) {
            if (!(error instanceof Stopped)) throw error;
            steps += 1;
            expect(at, 'it does not come to an end').to.be.lessThan(60);
          }
        }
      })();
      expect(copied.found).to.equal('unfinished');
      expect(steps, 'a page of each step, and the rules').to.be.at.least(8);
      await whole(copied);
    });

    it('that is unfinished is opened by nobody, and says what to do', async () => {
      await copyStoppedAt(source, target, 4);
      const opening = [
        () => openStore(target, portsAt(NU)),
        () => openStore(target, portsAt(NU), { mustExist: true }),
        () => openAudit(target),
        () => openRows(target),
      ];
      for (const open of opening)
        expect(await refused(open())).to.match(
          /unfinished copy of a store\. Run the same pension store copy/,
        );
      const condition = await inspectStore(target);
      if (condition.state !== 'unusable') expect.fail(condition.state);
      expect(condition.reason).to.match(/unfinished copy/);
      expect(condition.remedy).to.match(/^Run the same pension store copy again/);
    });

    it('is made over nothing: a store that is there stays as it was', async () => {
      const under = await to.open(target);
      await under.store.save(saveCommand({ Personnummer: nyBorger(), ...overgang('2026-01-01') }));
      await under.store.close();
      const [before, trail] = [await trailOf(target), await trailOf(source)];
      expect(await refused(copyOf(source, target))).to.match(/TO is a store already/);
      expect(await trailOf(target)).to.deep.equal(before);
      expect(await trailOf(source)).to.deep.equal(trail);
      expect(await refused(copyOf(source, source))).to.match(/TO is a store already/);
    });

    it('that is finished is left alone by the same command, and a store that holds nothing yet counts as none', async () => {
      await (await to.open(target)).store.close();
      expect((await copyOf(source, target)).found).to.equal('nothing');
      const before = await trailOf(source);
      expect((await copyOf(source, target)).found).to.equal('finished');
      expect(await trailOf(source)).to.deep.equal(before);
    });

    it('is found finished also when it ended before its last entry was sealed', async () => {
      const ending = { ...sideIn(target, 'TO'), open: () => Promise.reject(new Stopped()) };
      expect(await copyOf(source, target, { to: ending }).catch((error: unknown) => error)).to.be.instanceOf(
        Stopped,
      );
      expect((await copyOf(source, target)).found).to.equal('finished');
    });

    it('is written by one process at a time', async () => {
      await copyStoppedAt(source, target, 2);
      let meanwhile: Promise<Copied> | undefined;
      const side = watched(sideIn(target, 'TO'), {
        write: async () => {
          meanwhile ??= copyOf(source, target);
          await meanwhile;
        },
      });
      expect(await refused(copyOf(source, target, { to: side }))).to.match(
        /another pension store copy is at work on the same copy\./,
      );
      await whole(await meanwhile!);
    });

    it('is not gone on with by a program of another version', async () => {
      await copyStoppedAt(source, target, 2);
      await to.direct(target, 'DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)');
      expect(await refused(copyOf(source, target))).to.match(
        /begun by another version of the program\. Remove it/,
      );
    });

    it('stays unfinished when a row of it is not what it was', async () => {
      const change = () => to.direct(target, "UPDATE forloeb_version SET correlation_id = 'another'");
      const side = watched(sideIn(target, 'TO'), { complete: change });
      expect(await refused(copyOf(source, target, { to: side }))).to.match(
        /TO differs from FROM in forloeb_version,/,
      );
      expect((await inspectStore(target)).state).to.equal('unusable');
    });

    it('stays unfinished when the source is against the rules, and says so', async () => {
      const own = await from.make();
      const under = await from.open(own);
      await under.store.save(saveCommand({ Personnummer: nyBorger(), ...overgang('2026-01-01') }));
      await under.store.close();
      await from.direct(own, 'PRAGMA foreign_keys = OFF; DELETE FROM besked');
      expect(await refused(copyOf(own, target))).to.match(
        /against the rules of a store \(.*foreign key constraint.*\)\. Run pension verify-store on the source/i,
      );
      expect((await inspectStore(target)).state).to.equal('unusable');
    });

    it('stays unfinished when it does not pass a check', async () => {
      const verify = async (rows: StoreRows): Promise<string[]> => {
        await rows.close();
        return ['I3'];
      };
      const told = await refused(copyOf(source, target, { verify }));
      expect(told).to.match(/does not pass I3: neither does FROM/);
      expect((await inspectStore(target)).state).to.equal('unusable');
      expect((await copyOf(source, target)).found).to.equal('unfinished');
    });
  });
}

/** A side at which something happens before a page is written, and when the last one is and nothing is compared yet. */
function watched(side: CopySide, happens: { write?(): Promise<void>; complete?(): Promise<void> }): CopySide {
  const around = (target: CopyTarget): CopyTarget => ({
    ...target,
    write: async (...given) => {
      await happens.write?.();
      await target.write(...given);
    },
    complete: async (...given) => {
      await target.complete(...given);
      await happens.complete?.();
    },
  });
  return {
    ...side,
    begin: async (origin) => around(await side.begin(origin)),
    goOn: async () => around(await side.goOn()),
  };
}

async function badOf(address: string): Promise<string[]> {
  const rows = await openRows(address);
  const bad: string[] = [];
  for await (const { id, ok, violations } of verifyStore(rows)) if (!ok) bad.push(id, ...violations);
  await rows.close();
  return bad;
}
