// The files that settings name: read and checked together, at start and at each reload.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type RevocationList,
  RevocationListError,
  revocationListsIn,
} from '../access/certificates/revocation-list.ts';
import {
  Intermediates,
  makeTrust,
  readAuthorities,
  readRevocationLists,
  type Trust,
  TrustError,
} from '../access/certificates/trust.ts';
import { type Organisationer, OrganisationerError, readOrganisationer } from '../access/organisationer.ts';
import type { TlsFiles } from '../soap/server.ts';
import { belongTogether, certificateProblem, keyProblem } from './pem.ts';
import { type Settings, SettingsError } from './settings.ts';

/** What the files of a service hold, ready to be used. */
export interface SettingFiles {
  readonly organisationer: Organisationer;
  /** Absent without TLS. */
  readonly trust?: Trust;
  /** Only where the service ends TLS itself. */
  readonly tls?: TlsFiles;
  /** SHA-256 of each file, by the variable that names it. */
  readonly digests: ReadonlyMap<string, string>;
  /** What is no error, but should be known. */
  readonly remarks: readonly string[];
}

/** What outlives a reload. */
export interface Memory {
  readonly intermediates: Intermediates;
  /** A list may have hundreds of thousands of entries: the same text is not parsed again. */
  readonly parseLists: (pem: string) => RevocationList[];
}

/** Makes the memory of one service. */
export function makeMemory(): Memory {
  let last: { pem: string; lists: RevocationList[] } | undefined;
  return {
    intermediates: new Intermediates(),
    parseLists(pem) {
      if (last?.pem !== pem) last = { pem, lists: revocationListsIn(pem) };
      return last.lists;
    },
  };
}

/** The path of each file that is read, by the variable that names it. */
export function settingPaths({ tls, organisationer }: Settings): ReadonlyMap<string, string> {
  const paths = new Map([['PENSION_ORGANISATIONER', organisationer]]);
  if (tls === 'off') return paths;
  if (tls.mode === 'on') paths.set('PENSION_TLS_CERT', tls.cert).set('PENSION_TLS_KEY', tls.key);
  paths.set('PENSION_TLS_CA', tls.ca);
  return tls.crl === undefined ? paths : paths.set('PENSION_TLS_CRL', tls.crl);
}

/** Reads and checks all of them. Throws SettingsError naming the variable, the file and what is wrong with it. */
export function readSettingFiles(settings: Settings, { intermediates, parseLists }: Memory): SettingFiles {
  const digests = new Map<string, string>();
  const read: Reader = (variable, path, problemOf) => {
    const text = readSettingFile(variable, path, problemOf);
    digests.set(variable, createHash('sha256').update(text).digest('hex'));
    return text;
  };
  const organisationer = parseOrganisationer(
    settings.organisationer,
    read('PENSION_ORGANISATIONER', settings.organisationer),
  );
  const { tls } = settings;
  if (tls === 'off') return { organisationer, digests, remarks: [] };
  const ca = read('PENSION_TLS_CA', tls.ca, certificateProblem);
  const authorities = usable('PENSION_TLS_CA', tls.ca, () => readAuthorities(ca));
  const crl = tls.crl === undefined ? undefined : { path: tls.crl, text: read('PENSION_TLS_CRL', tls.crl) };
  const lists =
    crl && usable('PENSION_TLS_CRL', crl.path, () => readRevocationLists(crl.text, authorities, parseLists));
  const trust = makeTrust(authorities, lists, intermediates);
  const own = tls.mode === 'on' ? { tls: { ...readOwn(tls, read), ca } } : {};
  return {
    organisationer,
    trust,
    ...own,
    digests,
    remarks: trust.remarks.map((remark) => `PENSION_TLS_CRL: ${remark}`),
  };
}

/** Reads the reference data from its file. Throws SettingsError naming the variable. */
export const loadOrganisationer = (path: string) =>
  parseOrganisationer(path, readSettingFile('PENSION_ORGANISATIONER', path));

type Reader = (variable: string, path: string, problemOf?: (text: string) => string | undefined) => string;

/** The service's own certificate and key. */
function readOwn(files: { readonly cert: string; readonly key: string }, read: Reader) {
  const cert = read('PENSION_TLS_CERT', files.cert, certificateProblem);
  const key = read('PENSION_TLS_KEY', files.key, keyProblem);
  if (!belongTogether(cert, key)) {
    throw new SettingsError([
      `PENSION_TLS_CERT, PENSION_TLS_KEY: the key ${files.key} and the certificate ${files.cert} do not belong together.`,
    ]);
  }
  return { cert, key };
}

function parseOrganisationer(path: string, text: string) {
  try {
    return readOrganisationer(text);
  } catch (error) {
    if (!(error instanceof OrganisationerError)) throw error;
    throw new SettingsError([`PENSION_ORGANISATIONER: ${path}: ${error.message}.`]);
  }
}

/** What `parse` makes of a file, its errors put in the words of the settings. */
function usable<T>(variable: string, path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TrustError) && !(error instanceof RevocationListError)) throw error;
    throw new SettingsError([`${variable}: ${path}: ${error.message}.`]);
  }
}

/** Reads the file that a setting names. Throws SettingsError naming the variable and the file. */
export function readSettingFile(
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
