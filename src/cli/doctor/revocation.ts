// The revocation list, by the service's own rules: while one is set, an old or a missing one turns callers away.

import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listsBy } from '../../access/certificates/revocation.ts';
import { type RevocationList, RevocationListError } from '../../access/certificates/revocation-list.ts';
import { readAuthorities, readRevocationLists, TrustError } from '../../access/certificates/trust.ts';
import { certificateProblem } from '../pem.ts';
import { nameOf } from './certificates.ts';
import { bad, type Finding, good } from './check.ts';
import { readSettingFile } from './setting-file.ts';
import type { UsableSettings } from './settings.ts';
import { validFor, validityProblem } from './validity.ts';

/** Days before its end on which a list fails: new ones come at least daily, so the fetching of them has stopped. */
const LEAST_DAYS_OF_LIST = 1;

/** The list of revoked certificates, where one is set. */
export function checkRevocation({ mode, crl, ca }: UsableSettings, now: Date): Finding[] {
  if (mode === 'off') return [];
  if (crl === undefined) {
    return [good('revocation', 'no list is set (PENSION_TLS_CRL): revoked certificates are not looked for')];
  }
  const authorities = authoritiesIn(ca);
  let lists: RevocationList[] = [];
  const text = readSettingFile({
    check: 'revocation',
    variable: 'PENSION_TLS_CRL',
    path: crl,
    problemOf: (pem) => {
      try {
        lists = readRevocationLists(pem, authorities);
        return undefined;
      } catch (error) {
        if (error instanceof RevocationListError || error instanceof TrustError) return error.message;
        throw error;
      }
    },
  });
  if (typeof text === 'object') return [text];
  const current = authorities.map((authority) => ({ authority, list: listAt(authority, lists, now) }));
  const findings = current.flatMap(({ authority, list }) => problemOf(authority, list, crl, now));
  if (findings.length > 0) return findings;
  const ends = current.map(({ list }) => Number(list!.nextUpdate));
  const says = ends.length === 0 ? 'can be read' : `is ${validFor(new Date(Math.min(...ends)), now)}`;
  return [good('revocation', `${path.basename(crl)} ${says}`)];
}

/** The list of an authority that counts now: the newest, or one that is to come where there is no other. */
function listAt(authority: X509Certificate, lists: readonly RevocationList[], now: Date) {
  const own = listsBy(authority, lists);
  return own.find(({ thisUpdate }) => thisUpdate <= now) ?? own[0];
}

function problemOf(
  authority: X509Certificate,
  list: RevocationList | undefined,
  crl: string,
  now: Date,
): Finding[] {
  const name = nameOf(authority);
  if (list === undefined) {
    return [
      bad(
        'revocation',
        `${crl} holds no list of ${name}, so that every caller with a certificate of it is refused`,
        'Put the lists of all authorities of PENSION_TLS_CA into the file, one after the other',
      ),
    ];
  }
  const problem = validityProblem({ from: list.thisUpdate, to: list.nextUpdate }, now, LEAST_DAYS_OF_LIST);
  if (problem === undefined) return [];
  return [
    bad(
      'revocation',
      `the list of ${name} in ${crl} ${problem}; without one that holds, every caller with a certificate of it is refused`,
      'Fetch the new list of the authority into the file; a running service takes it by itself',
    ),
  ];
}

/** The authorities, where they can be read; where they cannot, that is a finding of its own. */
function authoritiesIn(ca: string | undefined): X509Certificate[] {
  try {
    const text = ca === undefined ? '' : readFileSync(ca, 'utf8');
    return certificateProblem(text) === undefined ? readAuthorities(text) : [];
  } catch {
    return [];
  }
}
