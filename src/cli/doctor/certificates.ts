// The service's own certificate, and the authorities it trusts: do they fit, and for how long?

import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import path from 'node:path';
import { certificatesIn } from '../../access/certificates/client-certificate.ts';
import { readAuthorities, TrustError } from '../../access/certificates/trust.ts';
import { belongTogether, certificateProblem, keyProblem } from '../pem.ts';
import { bad, type Finding, good } from './check.ts';
import { readSettingFile } from './setting-file.ts';
import type { UsableSettings } from './settings.ts';
import { LEAST_DAYS, validFor, validityProblem } from './validity.ts';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_USE = '2.5.29.37.0';
const ANY_ADDRESS = ['0.0.0.0', '::'];

const RENEW =
  'Have it renewed and put the new certificate (and its key, if that is new) in place of the files; a running service takes them by itself';

/** The certificate that the service shows, with its key. */
export function checkCertificate(settings: UsableSettings, now: Date): Finding[] {
  if (settings.mode === 'off') {
    return [
      good(
        'certificate',
        'NOBODY IS AUTHENTICATED: PENSION_TLS is off, the caller is whoever the headers say. For tests and benchmarks only',
      ),
    ];
  }
  if (settings.mode === 'proxy') {
    return [good('certificate', 'none is needed: the proxy ends TLS (PENSION_TLS is proxy)')];
  }
  const { cert, key } = settings;
  const chain = cert && readSettingFile({ ...SERVER_FILE, path: cert });
  const keyText = key && readSettingFile({ ...KEY_FILE, path: key });
  const unreadable = [chain, keyText].filter((read): read is Finding => typeof read === 'object');
  if (!cert || !chain || typeof chain === 'object') return unreadable;
  const fits = !keyText || typeof keyText === 'object' || belongTogether(chain, keyText);
  const findings = [
    ...unreadable,
    ...(fits ? [] : [keyFinding(cert, key!)]),
    ...certificateFindings(cert, certificatesIn(chain), settings, now),
  ];
  if (findings.length > 0) return findings;
  const [own] = certificatesIn(chain);
  return [good('certificate', `${path.basename(cert)} is ${validFor(own!.validToDate, now)}`)];
}

const SERVER_FILE = {
  check: 'certificate',
  variable: 'PENSION_TLS_CERT',
  problemOf: certificateProblem,
} as const;
const KEY_FILE = { check: 'certificate', variable: 'PENSION_TLS_KEY', problemOf: keyProblem } as const;

const keyFinding = (cert: string, key: string): Finding =>
  bad(
    'certificate',
    `the key ${key} and the certificate ${cert} do not belong together`,
    'Name in PENSION_TLS_KEY the key for which the certificate was issued',
  );

/** What is wrong with the certificate itself, and with the rest of its chain. */
function certificateFindings(
  cert: string,
  [own, ...above]: readonly X509Certificate[],
  settings: UsableSettings,
  now: Date,
): Finding[] {
  const findings: Finding[] = [];
  const problem = validityProblem(validityOf(own!), now, LEAST_DAYS);
  if (problem !== undefined) findings.push(bad('certificate', `${cert} ${problem}`, RENEW));
  for (const x509 of above) {
    const itsProblem = validityProblem(validityOf(x509), now, LEAST_DAYS);
    if (itsProblem !== undefined) {
      findings.push(bad('certificate', `${nameOf(x509)}, above it in ${cert}, ${itsProblem}`, RENEW));
    }
  }
  const uses = own!.keyUsage;
  if (uses !== undefined && !uses.some((use) => use === SERVER_AUTH || use === ANY_USE)) {
    findings.push(
      bad(
        'certificate',
        `${cert} is not for server use, so that clients refuse it`,
        'Name in PENSION_TLS_CERT a certificate with the extended key usage serverAuth',
      ),
    );
  }
  const host = nameForClients(settings);
  if (host !== undefined && !fitsName(own!, host)) {
    findings.push(
      bad(
        'certificate',
        `${cert} is not for ${host}, so that clients refuse it (its subjectAltName is ${own!.subjectAltName ?? 'missing'})`,
        'Set PENSION_PUBLIC_URL to the address that clients use, or have a certificate issued whose subjectAltName holds it',
      ),
    );
  }
  return findings;
}

const validityOf = (x509: X509Certificate) => ({ from: x509.validFromDate, to: x509.validToDate });

/** The host that clients are told, without the brackets of an IPv6 address; undefined where that cannot be known. */
function nameForClients({ hasPublicUrl, publicUrl, host }: UsableSettings): string | undefined {
  if (hasPublicUrl) return publicUrl && new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1');
  return host !== undefined && ANY_ADDRESS.includes(host) ? undefined : host;
}

/** By subjectAltName alone: most clients no longer look at the common name. */
const fitsName = (x509: X509Certificate, host: string): boolean =>
  isIP(host) !== 0
    ? x509.checkIP(host) !== undefined
    : x509.checkHost(host, { subject: 'never' }) !== undefined;

/** The common name, or the whole subject where there is none. */
export const nameOf = (x509: X509Certificate): string =>
  /^CN=(.*)$/m.exec(x509.subject)?.[1] ?? x509.subject.replaceAll('\n', ', ');

/** What is wrong with a file of authorities; undefined when the service takes it. */
function authoritiesProblem(pem: string): string | undefined {
  const problem = certificateProblem(pem);
  if (problem !== undefined) return problem;
  try {
    readAuthorities(pem);
    return undefined;
  } catch (error) {
    if (error instanceof TrustError) return error.message;
    throw error;
  }
}

/** The authorities whose client certificates are trusted. */
export function checkAuthorities({ mode, ca }: UsableSettings, now: Date): Finding[] {
  if (mode === 'off' || ca === undefined) return [];
  const text = readSettingFile({
    check: 'authorities',
    variable: 'PENSION_TLS_CA',
    path: ca,
    problemOf: authoritiesProblem,
  });
  if (typeof text === 'object') return [text];
  const all = certificatesIn(text);
  const findings = all.flatMap((x509) => {
    const problem = validityProblem(validityOf(x509), now, LEAST_DAYS);
    if (problem === undefined) return [];
    return bad(
      'authorities',
      `${nameOf(x509)} in ${ca} ${problem}; the certificates it issued are refused when it ends`,
      'Put the certificate of the authority that follows it into the file, and take this one out when nobody uses it any more',
    );
  });
  if (findings.length > 0) return findings;
  const first = all.map((x509) => x509.validToDate).reduce((a, b) => (a < b ? a : b));
  return [
    good(
      'authorities',
      `${all.map(nameOf).join(', ')} in ${path.basename(ca)}: ${all.length > 1 ? 'all ' : ''}${validFor(first, now)}`,
    ),
  ];
}
