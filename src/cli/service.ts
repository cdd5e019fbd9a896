// The composition root: from settings to a running service with everything wired.

import { readFileSync } from 'node:fs';
import { keepSealed } from '../access/audit/sealing.ts';
import { OrganisationerError, readOrganisationer } from '../access/organisationer.ts';
import { systemPorts } from '../domain/ports.ts';
import type { Log } from '../soap/log.ts';
import { type RunningServer, startServer, type TlsFiles } from '../soap/server.ts';
import { openStore } from '../store/open-store.ts';
import { readContractFiles } from './contract-files.ts';
import { belongTogether, certificateProblem, keyProblem, revocationListProblem } from './pem.ts';
import { type Settings, SettingsError } from './settings.ts';

/**
 * Starts the service. Throws SettingsError for files that cannot be read or used, StoreError for the store; both
 * say what to do. `stop` ends calls in flight and closes the store.
 */
export async function startService(settings: Settings, log: Log): Promise<RunningServer> {
  const organisationer = loadOrganisationer(settings.organisationer);
  const tls = settings.tls === 'off' ? 'off' : readTlsFiles(settings.tls);
  if (tls === 'off') {
    log.warn('TLS IS OFF: the caller is whoever the headers say. For tests and benchmarks only.');
  }
  const store = openStore(settings.store, systemPorts);
  const stopSealing = keepSealed(store.audit, (error) =>
    log.error('the audit trail could not be sealed; it is tried again', { error: String(error) }),
  );
  const closeStore = async (): Promise<void> => {
    await stopSealing();
    await store.close();
  };
  try {
    const server = await startServer({
      files: readContractFiles(),
      store,
      organisationer: () => organisationer,
      ports: systemPorts,
      log,
      tidligereMaaneder: settings.formerMonths,
      host: settings.host,
      port: settings.port,
      tls,
      maxBody: settings.maxBody,
      ...(settings.publicUrl && { publicUrl: settings.publicUrl }),
    });
    return {
      url: server.url,
      stop: async () => {
        await server.stop();
        await closeStore();
      },
    };
  } catch (error) {
    await closeStore();
    throw explainStartError(error, settings);
  }
}

/** Reads the reference data from its file. Throws SettingsError naming the variable. */
export function loadOrganisationer(path: string) {
  const text = readSettingFile('PENSION_ORGANISATIONER', path);
  try {
    return readOrganisationer(text);
  } catch (error) {
    if (!(error instanceof OrganisationerError)) throw error;
    throw new SettingsError([`PENSION_ORGANISATIONER: ${path}: ${error.message}.`]);
  }
}

function readTlsFiles(files: Exclude<Settings['tls'], 'off'>): TlsFiles {
  const cert = readSettingFile('PENSION_TLS_CERT', files.cert, certificateProblem);
  const key = readSettingFile('PENSION_TLS_KEY', files.key, keyProblem);
  const ca = readSettingFile('PENSION_TLS_CA', files.ca, certificateProblem);
  const crl = files.crl && readSettingFile('PENSION_TLS_CRL', files.crl, revocationListProblem);
  if (!belongTogether(cert, key)) {
    throw new SettingsError([
      `PENSION_TLS_CERT, PENSION_TLS_KEY: the key ${files.key} and the certificate ${files.cert} do not belong together.`,
    ]);
  }
  return { cert, key, ca, ...(crl && { crl }) };
}

function readSettingFile(
  variable: string,
  path: string,
  problemOf?: (text: string) => string | undefined,
): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError([`${variable}: the file ${path} cannot be read (${(error as Error).message}).`]);
  }
  const problem = problemOf?.(text);
  if (problem !== undefined) throw new SettingsError([`${variable}: ${path}: ${problem}.`]);
  return text;
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
