// Metrics at an address of their own: how many beskeder wait for each a-kasse, and for how long.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import { makeMetrics } from '../../src/cli/metrics.ts';
import type { AkasseKode } from '../../src/domain/medlemskab.ts';
import { pension, startServe, worldEnv } from '../support/cli.ts';
import { fileOf } from '../support/new-store.ts';
import { search } from '../support/privacy.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import { demoWorld } from '../support/service.ts';

const NOW = new Date('2026-11-22T12:00:00.000Z');

describe('the metrics', () => {
  it('say how many beskeder wait for each a-kasse and how long the oldest has, none where nothing does', async () => {
    const metrics = makeMetrics();
    const url = await metrics.serve('127.0.0.1', 0);
    const read = async (): Promise<string> => (await fetch(url)).text();
    const oldest = '2026-11-22T11:59:30.000Z';
    metrics.queues([{ akasse: '22' as AkasseKode, waiting: 7, oldest }], NOW, ['11', '22']);
    expect(await read()).to.include('pension_outbox_waiting{akasse="22"} 7\n');
    expect(await read()).to.include('pension_outbox_oldest_seconds{akasse="22"} 30\n');
    expect(await read()).to.match(/^pension_process_resident_memory_bytes \d+/m);
    metrics.queues([], NOW, ['11', '22']);
    expect(await read()).to.include('pension_outbox_waiting{akasse="22"} 0\n');
    expect(await read()).to.include('pension_outbox_oldest_seconds{akasse="11"} 0\n');
    metrics.ask(() => ({ isStoreFailing: true, connections: 3, calls: 2, refused: 1 }));
    const lines = (await read()).split('\n');
    expect(lines).to.include.members([
      'pension_store_failing 1',
      'pension_connections 3',
      'pension_calls_in_flight 2',
      'pension_refused_503_total 1',
    ]);
    expect((await fetch(url.replace('/metrics', '/'))).status).to.equal(404);
    await metrics.close();
  });

  it('are served by the service, beside an alarm in its log, and name no citizen', async () => {
    const filling = await startQueueService();
    await saveOne(filling, member('22', 1));
    await filling.stop();
    const db = new Database(fileOf(filling.store));
    db.exec('DROP TRIGGER besked_has_one_recipient_for_ever');
    db.exec("UPDATE besked SET event_date = '2026-01-01T00:00:00.000Z'");
    db.close();
    const env = {
      ...worldEnv(await demoWorld()),
      PENSION_STORE: filling.store,
      PENSION_METRICS: '127.0.0.1:0',
    };
    const serve = await startServe(env);
    const [, url] = await serve.sees('stderr', /"url":"([^"]+\/metrics)"/);
    await serve.sees(
      'stderr',
      /ALARM: an a-kasse does not fetch its beskeder","akasse":"22","readBy":"22","waiting":1/,
    );
    const text = await (await fetch(url!)).text();
    expect(text).to.match(/^pension_store_failing 0$/m);
    search('log', text);
    expect(text).to.match(/pension_outbox_oldest_seconds\{akasse="22"\} \d{7,}/);
    serve.signal('SIGTERM');
    expect((await serve.result).code).to.equal(0);
  });

  it('stop the start where they cannot be served', async () => {
    const world = worldEnv(await demoWorld());
    for (const [value, said] of [
      ['9464', 'PENSION_METRICS must be HOST:PORT'],
      ['127.0.0.1:99999', 'PENSION_METRICS must have a port of at most 65535'],
      ['192.0.2.1:9464', 'PENSION_METRICS: 192.0.2.1 port 9464 cannot be listened on'],
    ] as const) {
      const { code, stderr } = await pension(['serve'], { env: { ...world, PENSION_METRICS: value } });
      expect(code).to.equal(1);
      expect(stderr).to.include(said);
    }
  });
});
