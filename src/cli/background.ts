// What a service does by itself while it runs: seals the audit trail, rolls idle sequences back, watches the queues.

import type { Seal } from '../access/audit/seal.ts';
import { keepSealed } from '../access/audit/sealing.ts';
import type { Organisationer } from '../access/organisationer.ts';
import { datoI } from '../domain/dato.ts';
import { type AkasseKode, sidsteAfloeser } from '../domain/medlemskab.ts';
import { systemPorts } from '../domain/ports.ts';
import { keepRolledBack } from '../notify/pull/roll-back.ts';
import { keepWatch } from '../notify/watch.ts';
import type { Log } from '../soap/log.ts';
import type { ServedStore } from '../store/store.ts';
import { type Metrics, makeMetrics, type ServiceState } from './metrics.ts';
import { type Settings, SettingsError } from './settings.ts';

type BackgroundSettings = Pick<Settings, 'sequenceIdleMinutes' | 'outboxAlarmMinutes' | 'metrics'>;

/** What goes on beside the calls. */
export interface Background {
  /** From now on the metrics show how the service is. */
  show(state: () => ServiceState): void;
  /** Stops it all; resolves when nothing of it is under way. */
  stop(): Promise<void>;
}

/** In the log a seal is known outside the store: pension audit verify --seal can be asked for it. */
export const logSeal = (log: Log, { nr, hash }: Seal): void =>
  log.info('audit trail sealed', { seal: `${nr}:${hash}` });

/**
 * Begins all of it. What fails is logged and tried again. Throws SettingsError when metrics cannot be served.
 */
export async function startBackground(
  store: ServedStore,
  settings: BackgroundSettings,
  organisationer: () => Organisationer,
  log: Log,
): Promise<Background> {
  const failed = (what: string) => (error: unknown) =>
    log.error(`${what}; it is tried again`, { error: String(error) });
  const metrics = settings.metrics && (await serveMetrics(settings.metrics, log));
  const stopSealing = keepSealed(store.audit, {
    onSeal: (seal) => logSeal(log, seal),
    onError: failed('the audit trail could not be sealed'),
  });
  const stopRollingBack = keepRolledBack(store.sequences, settings.sequenceIdleMinutes, {
    onRolledBack: (sequence) => log.warn('an idle sequence was rolled back', { sequence }),
    onError: failed('idle sequences could not be looked for'),
  });
  const known = (): readonly AkasseKode[] => organisationer().akasser.map(({ code }) => code);
  /** Of an a-kasse that has been taken over the successor is to be called. */
  const readerOf = (akasse: AkasseKode): AkasseKode =>
    sidsteAfloeser(akasse, organisationer().afloesere(datoI(systemPorts.now())));
  const watching = { lateMinutes: settings.outboxAlarmMinutes, now: () => systemPorts.now() };
  const stopWatching = keepWatch(store.outbox, watching, {
    onLook: (queues, now) => metrics?.queues(queues, now, known()),
    onLate: ({ akasse, waiting, oldest }) =>
      log.warn('ALARM: an a-kasse does not fetch its beskeder', {
        akasse,
        readBy: readerOf(akasse),
        waiting,
        oldest,
      }),
    onWell: (akasse) => log.info('an a-kasse fetches its beskeder again', { akasse }),
    onError: failed('the queues could not be looked at'),
  });
  return {
    show: (state) => metrics?.ask(state),
    stop: async () => {
      await Promise.all([stopSealing(), stopRollingBack(), stopWatching(), metrics?.close()]);
    },
  };
}

async function serveMetrics({ host, port }: NonNullable<Settings['metrics']>, log: Log): Promise<Metrics> {
  const metrics = makeMetrics();
  try {
    log.info('metrics are served', { url: await metrics.serve(host, port) });
    return metrics;
  } catch (error) {
    throw new SettingsError([
      `PENSION_METRICS: ${host} port ${port} cannot be listened on (${(error as NodeJS.ErrnoException).code}); choose another one.`,
    ]);
  }
}
