// The composition root: from settings to a running service with everything wired.

import type { Trust } from '../access/certificates/trust.ts';
import { WSRM_MESSAGE_SERVICE } from '../contract/names.ts';
import { systemPorts } from '../domain/ports.ts';
import { makePullDoor } from '../notify/pull/door.ts';
import type { Log } from '../soap/log.ts';
import { startServer, type Tls } from '../soap/server.ts';
import { type Background, logSeal, startBackground } from './background.ts';
import { readContractFiles } from './contract-files.ts';
import { operatorEntry } from './operator.ts';
import { makeReload, stampOf, watchFiles } from './reload.ts';
import { makeMemory, readSettingFiles, type SettingFiles, settingPaths } from './setting-files.ts';
import { type Settings, SettingsError } from './settings.ts';
import { openServedStoreOf } from './store-of-settings.ts';
import { watchStore } from './store-watch.ts';

export interface RunningService {
  /** Scheme, host and port. */
  readonly url: string;
  /** Reads certificates, authorities, revocation list and reference data again, as a change of a file does too. */
  reload(): void;
  /** Ends calls in flight and closes the store. */
  stop(): Promise<void>;
}

/** What is said when there is no TLS. */
export const TLS_OFF_WARNING =
  'TLS IS OFF: the caller is whoever the headers say. For tests and benchmarks only.';

/** Variables whose files a handshake is made with. */
const OF_HANDSHAKE = ['PENSION_TLS_CERT', 'PENSION_TLS_KEY', 'PENSION_TLS_CA'];

/**
 * Starts the service. Throws SettingsError for files that cannot be read or used, StoreError for the store; both
 * say what to do.
 */
export async function startService(settings: Settings, log: Log): Promise<RunningService> {
  const paths = [...settingPaths(settings).values()];
  const stamp = stampOf(paths);
  const memory = makeMemory();
  const read = (): SettingFiles => readSettingFiles(settings, memory);
  let files = read();
  warn(settings, files, log);
  log.info('files read', { sha256: digestsOf(files, [...files.digests.keys()]) });
  const store = await openServedStoreOf(settings);
  const watch = watchStore(store, log);
  let background: Background | undefined;
  const closeStore = async (): Promise<void> => {
    await background?.stop();
    await watch.stop();
    const last = await store.close();
    if (last !== undefined) logSeal(log, last);
  };
  try {
    background = await startBackground(store, settings, () => files.organisationer, log);
    let publicUrl = settings.publicUrl ?? '';
    const door = makePullDoor({
      sequences: store.sequences,
      ports: systemPorts,
      idleMinutes: settings.sequenceIdleMinutes,
      messageEndpoint: () => publicUrl + WSRM_MESSAGE_SERVICE.path,
    });
    const server = await startServer({
      files: readContractFiles(),
      store,
      organisationer: () => files.organisationer,
      ports: systemPorts,
      log,
      tidligereMaaneder: settings.formerMonths,
      host: settings.host,
      port: settings.port,
      tls: howCallersAreKnown(settings, files, () => files.trust!),
      maxBody: settings.maxBody,
      door,
      storeFailure: () => store.health.failure(),
      onUnrecorded: (kald) => watch.onUnrecorded(kald),
      ...(settings.publicUrl && { publicUrl: settings.publicUrl }),
    });
    publicUrl ||= server.url;
    background.show(() => ({ ...server.load(), isStoreFailing: store.health.failure() !== undefined }));
    const use = (next: SettingFiles, changed: readonly string[]): void => {
      if (next.tls && changed.some((variable) => OF_HANDSHAKE.includes(variable))) server.useTls(next.tls);
      files = next;
      store.audit
        .record(operatorEntry('GenindlaesFiler', { detaljer: digestsOf(next, changed) }))
        .catch((error) =>
          log.error('that files were read again could not be kept in the audit trail', {
            error: String(error),
          }),
        );
    };
    const reload = makeReload({ first: files, read, use, log });
    const stopWatching = watchFiles(paths, stamp, () => reload('changed'));
    return {
      url: server.url,
      reload: () => reload('asked'),
      stop: async () => {
        stopWatching();
        await server.stop();
        await closeStore();
      },
    };
  } catch (error) {
    await closeStore();
    throw explainStartError(error, settings);
  }
}

/** SHA-256 of the files behind those variables, as JSON; of a private key only that it has changed. */
const digestsOf = ({ digests }: SettingFiles, variables: readonly string[]): string =>
  JSON.stringify(
    Object.fromEntries(
      variables.map((variable) => [
        variable,
        variable === 'PENSION_TLS_KEY' ? 'changed' : digests.get(variable),
      ]),
    ),
  );

function howCallersAreKnown({ tls }: Settings, files: SettingFiles, trust: () => Trust): Tls {
  if (tls === 'off') return 'off';
  return tls.mode === 'on' ? { trust, files: files.tls! } : { trust, proxy: tls };
}

function warn({ tls, publicUrl }: Settings, { remarks }: SettingFiles, log: Log): void {
  if (tls === 'off') log.warn(TLS_OFF_WARNING);
  else if (tls.mode === 'proxy' && publicUrl === undefined)
    log.warn('PENSION_PUBLIC_URL is not set: the WSDL names the address behind the proxy, with http');
  for (const remark of remarks) log.warn(remark);
}

function explainStartError(error: unknown, { host, port }: Settings): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EADDRINUSE') {
    return new SettingsError([
      `PENSION_PORT: ${host} port ${port} is already in use; stop the other program or choose another port.`,
    ]);
  }
  if (code === 'EACCES')
    return new SettingsError([`PENSION_PORT: not allowed to listen on port ${port}; choose one above 1023.`]);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new SettingsError([`PENSION_HOST: ${host} is not an address of this machine.`]);
  }
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_CRYPTO') || code.startsWith('ERR_TLS')) {
    return new SettingsError([
      `PENSION_TLS_CERT, PENSION_TLS_KEY, PENSION_TLS_CA or PENSION_TLS_CRL: not usable PEM, or certificate and key do not belong together (${(error as Error).message}).`,
    ]);
  }
  return error;
}
