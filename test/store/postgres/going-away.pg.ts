// A database that goes away, or falls silent: every call is told within its time, nobody waits for what is known to be
// away, and the store is well again by itself.

import { expect } from 'chai';
import type pg from 'pg';
import { newDatabase, onServer } from '../../../build/postgres/databases.ts';
import type { PrivatePostgres } from '../../../build/postgres/server.ts';
import { StoreBusyError, StoreFailingError } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { privateServer, tempDatabase } from '../../support/postgres.ts';
import { connect } from './direct.ts';
import { Network } from './network.ts';
import { ANSWER, command, Tried, timed } from './tried-store.ts';
import { OPTIONS } from './under-test.ts';

const STOPPED = 'that is stopped and started';

describe('a store whose PostgreSQL goes away', function () {
  this.timeout(120_000);

  describe('with its server', () => {
    let server: PrivatePostgres;
    let url: string;
    before(async function () {
      server = await privateServer(this, 'R2', { settings: { max_connections: 20 } });
    });
    beforeEach(async () => {
      url = await newDatabase(server.url);
    });

    const ways: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>, RegExp?])[] = [
      [
        'that crashes and comes back',
        () => server.stopImmediately(),
        () => server.start(),
        /^the (database|connection)/,
      ],
      [STOPPED, () => server.stop(), () => server.start(), /^the (database|connection)/],
      [
        'that ends its connection',
        () =>
          onServer(url, (client) =>
            client.query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pension'",
            ),
          ),
        async () => undefined,
        // It is there: nobody else is told.
      ],
    ];
    for (const [what, away, back, cause] of ways)
      it(`${what}: a Save in flight is told, the others at once or not at all, and all is well by itself`, async () => {
        const tried = await Tried.open(url);
        await tried.save();
        const { outcome, id, letGo } = await tried.inFlight();
        await away();
        const { error, took } = await outcome;
        // A server that is stopped ends one connection after the other: when that of the holder is long before the other,
        // the Save gets the lock.
        const mayGetLock = what === STOPPED;
        const isAnswered = mayGetLock && error === undefined;
        if (!isAnswered) {
          expect(error).to.be.instanceOf(StoreFailingError);
          expect(error).to.have.property('mayBeKept', true);
        }
        expect(took).to.be.below(ANSWER);
        if (cause === undefined) await tried.expectThere();
        else await tried.expectAway(cause);
        await letGo();
        await back();
        await tried.recovers();
        await tried.save();
        const isKept = await tried.expectKept(id);
        if (isAnswered) expect(isKept, 'it was answered').to.equal(true);
        if (!mayGetLock) expect(isKept, 'it never got the lock').to.equal(false);
        await tried.store.close();
      });

    it('that has no connection left', async () => {
      const tried = await Tried.open(url);
      const others: pg.Client[] = [];
      for (let full = false; !full; )
        await connect(url).then(
          (client) => others.push(client),
          () => {
            full = true;
          },
        );
      const { error, took } = await timed(tried.store.save(command()));
      expect(error).to.be.instanceOf(StoreFailingError).and.to.have.property('mayBeKept', false);
      expect(took).to.be.below(ANSWER);
      await tried.expectAway(/no connection left for this process/);
      for (const client of others) await client.end();
      await tried.recovers();
      await tried.save();
      expect(await tried.expectKept()).to.equal(false);
      await tried.store.close();
    });

    it('that can only be read', async () => {
      const tried = await Tried.open(url);
      await tried.save();
      await server.stop();
      await server.start({ default_transaction_read_only: 'on', max_connections: 20 });
      await timed(tried.store.save(command())); // on a connection that is gone
      await tried.store.health.tryAgain();
      await tried.expectAway(/^the database can only be read: .*\(25006\)$/);
      await server.stop();
      await server.start({ max_connections: 20 });
      await tried.recovers();
      await tried.save();
      await tried.expectKept();
      await tried.store.close();
    });
  });

  describe('behind its network', () => {
    it('that cuts its connections', async () => {
      const url = await tempDatabase();
      const network = await Network.before(url);
      const tried = await Tried.open(url, network.url);
      await tried.save();
      const { outcome, id, letGo } = await tried.inFlight();
      network.cut();
      const { error, took } = await outcome;
      expect(error).to.be.instanceOf(StoreFailingError).and.to.have.property('mayBeKept', true);
      expect(took).to.be.below(ANSWER);
      await tried.expectThere();
      await letGo();
      await tried.expectKept(id);
      await tried.store.close();
      await network.close();
    });

    it('that swallows everything, before a connection, in the midst of one, and while one is made', async () => {
      // Side by side, for each waits its whole time.
      await Promise.all([
        swallowed('before', async (_, network) => network.silence()),
        swallowed('maybe after', async (tried, network) => {
          await tried.save();
          network.silence();
        }),
        swallowed('before', async (_, network) => network.silenceAt('set_config')),
        heldUp(),
      ]);
    });
  });
});

/** One Save into a silence that has come like that: told in time, and when the line is mended all is well again. */
async function swallowed(
  when: 'before' | 'maybe after',
  away: (tried: Tried, network: Network) => Promise<void>,
): Promise<void> {
  const url = await tempDatabase();
  const network = await Network.before(url);
  const tried = await Tried.open(url, network.url);
  await away(tried, network);
  const asked = command();
  const { error, took } = await timed(tried.store.save(asked));
  expect(error)
    .to.be.instanceOf(StoreFailingError)
    .and.to.have.property('mayBeKept', when === 'maybe after');
  expect(took).to.be.below(ANSWER);
  await tried.expectAway(/^the database does not answer$/);
  const look = await timed(tried.store.health.tryAgain());
  expect(look.took, 'a look at a database that is silent').to.be.below(ANSWER);
  network.heal();
  await tried.recovers();
  const isKept = await tried.expectKept(asked.nytId);
  if (when === 'before') expect(isKept).to.equal(false);
  await tried.save();
  await tried.store.close();
  await network.close();
}

/** More calls than there are connections for one citizen whom somebody else has locked: busy, and the store is well. */
async function heldUp(): Promise<void> {
  const tried = await Tried.open(await tempDatabase());
  const personnummer = nyBorger();
  const holder = await connect(tried.url);
  await holder.query('BEGIN');
  await holder.query('SELECT lock_borger($1)', [personnummer]);
  const calls = Array.from({ length: OPTIONS.connections }, () =>
    timed(tried.store.save(command(personnummer))),
  );
  for (const { error, took } of await Promise.all(calls)) {
    expect(error).to.be.instanceOf(StoreBusyError).and.to.have.property('mayBeKept', false);
    expect(took).to.be.below(ANSWER);
  }
  expect(tried.store.health.failure()).to.equal(undefined);
  await tried.save();
  await holder.query('ROLLBACK');
  await holder.end();
  await tried.expectKept();
  await tried.store.close();
}
