// A store that is tried while its PostgreSQL goes away: its Saves are held against the database, which is looked at past
// whatever is between the two.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { LIMITS } from '../../../src/contract/limits.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { keepWell } from '../../../src/store/health.ts';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { type Store, StoreFailingError } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { connect } from './direct.ts';
import { OPTIONS } from './under-test.ts';

/** Milliseconds within which every call has its answer, and within which one that need not wait has it. */
export const ANSWER = LIMITS.storeAnswer + 1_000;
const AT_ONCE = 1_000;
/** Within which a store is well again: a look takes two seconds at most, and the second one finds it well. */
const RECOVERY = 15_000;

/** A Save of a citizen, or of a new one. */
export const command = (personnummer: Personnummer = nyBorger()) =>
  saveCommand({ Personnummer: personnummer, ...kompensation('2026-01-01') });

/** What a call came to, and how long it took. */
export async function timed(call: Promise<unknown>): Promise<{ error: unknown; took: number }> {
  const begun = performance.now();
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, took: performance.now() - begun };
}

/** A store whose Saves are held against the database, which is looked at past the network between the two. */
export class Tried {
  readonly url: string;
  readonly store: Store;
  readonly #answered: string[] = [];

  private constructor(url: string, store: Store) {
    this.url = url;
    this.store = store;
  }

  /** `url` is the database, and `through` how the store gets there. */
  static async open(url: string, through = url, connections = OPTIONS.connections): Promise<Tried> {
    const store = await openPostgresStore(through, portsAt(NU), { ...OPTIONS, connections });
    // It has looked at the database over a connection already; each test begins without one.
    const client = await connect(url);
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pension' AND datname = current_database()",
    );
    await client.end();
    await sleep(100); // for the pool to hear of it
    return new Tried(url, store);
  }

  /** Saves, and expects an answer. */
  async save(): Promise<void> {
    const saved = await this.store.save(command());
    if (!saved.ok) expect.fail(`refused with ${saved.fejl.kode}`);
    this.#answered.push(saved.value.forloebId);
  }

  /** Has a Save wait inside the database, for a citizen that somebody else has locked; gives what becomes of it. */
  async inFlight(): Promise<{ outcome: ReturnType<typeof timed>; id: string; letGo: () => Promise<void> }> {
    const personnummer = nyBorger();
    const holder = await connect(this.url);
    await holder.query('BEGIN');
    await holder.query('SELECT lock_borger($1)', [personnummer]);
    const asked = command(personnummer);
    const outcome = timed(this.store.save(asked));
    const waits = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%save_tidlig%'
                      AND datname = current_database()`;
    while (Number((await holder.query<{ count: number }>(waits)).rows[0]!.count) === 0) await sleep(10);
    const letGo = async (): Promise<void> => {
      await holder.query('ROLLBACK').catch(() => undefined);
      await holder.end().catch(() => undefined);
    };
    return { outcome, id: asked.nytId, letGo };
  }

  /** Calls are refused at once, of every kind, and the reason is fit for people. */
  async expectAway(cause: RegExp): Promise<void> {
    for (const call of [
      () => this.store.save(command()),
      () => this.store.audit.counters(),
      () => this.store.outbox.lengths(),
    ]) {
      const { error, took } = await timed(call());
      expect(error).to.be.instanceOf(StoreFailingError);
      expect(error).to.have.property('mayBeKept', false);
      expect(took).to.be.below(AT_ONCE);
    }
    const failure = this.store.health.failure();
    expect(failure?.cause).to.match(cause);
    const { port, password } = new URL(this.url);
    expect(failure?.cause).not.to.match(
      new RegExp(`127\\.0\\.0|localhost|${port}|${password}|PENSION_STORE`),
    );
  }

  /** Nobody else is told of a connection that was lost, for the database is there. */
  async expectThere(): Promise<void> {
    expect(this.store.health.failure()).to.equal(undefined);
    for (let nr = 0; nr < 5; nr += 1) await this.save();
    await this.store.audit.counters();
    expect(this.store.health.failure()).to.equal(undefined);
  }

  /** Looks after it as a service does; resolves when it is well. */
  async recovers(): Promise<void> {
    const begun = performance.now();
    let isWell = false;
    const stop = keepWell(
      this.store.health,
      { onFailing: () => undefined, onWell: () => undefined, whileWell: () => (isWell = true) },
      50,
    );
    while (!isWell && performance.now() - begun < RECOVERY) await sleep(20);
    await stop();
    expect(this.store.health.failure()).to.equal(undefined);
  }

  /** Every Save that was answered is there, once and with its besked; gives whether one that was not is there, whole. */
  async expectKept(unknown?: string): Promise<boolean> {
    const client = await connect(this.url);
    try {
      const { rows } = await client.query<{ id: string }>(
        `SELECT forloeb_id AS id FROM forloeb_version JOIN besked USING (personnummer, forloeb_id, version)
           JOIN forloeb USING (personnummer, forloeb_id) ORDER BY besked_nr`,
      );
      const kept = rows.map(({ id }) => id);
      expect(kept.filter((id) => id !== unknown)).to.deep.equal(this.#answered);
      return kept.includes(unknown ?? '');
    } finally {
      await client.end();
    }
  }
}
