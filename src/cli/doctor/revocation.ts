// The revocation list: while one is set, an old one or a missing one turns every caller away.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { certificateProblem, revocationListProblem } from '../pem.ts';
import { certificatesIn, nameOf } from './certificates.ts';
import { bad, type Finding, good } from './check.ts';
import { type RevocationList, revocationListsIn, subjectOf } from './revocation-list.ts';
import { readSettingFile } from './setting-file.ts';
import type { UsableSettings } from './settings.ts';
import { validFor, validityProblem } from './validity.ts';

/** Days before its end on which a list fails: new ones come at least daily, so the fetching of them has stopped. */
const LEAST_DAYS_OF_LIST = 1;

const FETCH = 'Fetch the new list of the authority into the file; a running service takes it by itself';

/** The list of revoked certificates, where one is set. */
export function checkRevocation({ mode, crl, ca }: UsableSettings, now: Date): Finding[] {
  if (mode === 'off') return [];
  if (crl === undefined) {
    return [good('revocation', 'no list is set (PENSION_TLS_CRL): revoked certificates are not looked for')];
  }
  const text = readSettingFile({
    check: 'revocation',
    variable: 'PENSION_TLS_CRL',
    path: crl,
    problemOf: (pem) =>
      revocationListProblem(pem) ??
      (revocationListsIn(pem) === undefined ? 'a revocation list in it cannot be read as PEM' : undefined),
  });
  if (typeof text === 'object') return [text];
  const lists = revocationListsIn(text)!;
  const findings = [...oldLists(lists, crl, now), ...authoritiesWithout(lists, crl, ca)];
  if (findings.length > 0) return findings;
  const ends = lists.flatMap(({ nextUpdate }) => nextUpdate ?? []);
  const until =
    ends.length === 0 ? 'valid without an end' : validFor(new Date(Math.min(...ends.map(Number))), now);
  return [good('revocation', `${path.basename(crl)} is ${until}`)];
}

const oldLists = (lists: readonly RevocationList[], crl: string, now: Date): Finding[] =>
  lists.flatMap(({ thisUpdate, nextUpdate }) => {
    const validity = { from: thisUpdate, to: nextUpdate ?? FAR };
    const problem = validityProblem(validity, now, LEAST_DAYS_OF_LIST);
    if (problem === undefined) return [];
    return bad('revocation', `${crl} ${problem}; without a list that holds every caller is refused`, FETCH);
  });

const FAR = new Date('9999-12-31T23:59:59Z');

/** With a list set, each authority needs its own: the callers of one without are refused. */
function authoritiesWithout(
  lists: readonly RevocationList[],
  crl: string,
  ca: string | undefined,
): Finding[] {
  return authoritiesOf(ca)
    .filter((x509) => !lists.some(({ issuer }) => issuer.equals(subjectOf(x509))))
    .map((x509) =>
      bad(
        'revocation',
        `${crl} holds no list of ${nameOf(x509)}, so that every caller with a certificate of it is refused`,
        'Put the lists of all authorities of PENSION_TLS_CA into the file, one after the other',
      ),
    );
}

/** What cannot be read has its own finding elsewhere. */
function authoritiesOf(ca: string | undefined) {
  try {
    const text = ca === undefined ? '' : readFileSync(ca, 'utf8');
    return certificateProblem(text) === undefined ? certificatesIn(text) : [];
  } catch {
    return [];
  }
}
