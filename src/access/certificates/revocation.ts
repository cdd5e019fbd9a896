// Whether a certificate has been revoked: once there are revocation lists, every authority needs one that holds now.

import type { X509Certificate } from 'node:crypto';
import { fieldsOf } from './fields.ts';
import type { Path } from './path.ts';
import { PROBLEM } from './problems.ts';
import { type RevocationList, serialNumberOf } from './revocation-list.ts';

/** What the lists say of a path at that time; undefined when they have nothing against it. */
export type AskRevocation = (path: Path, now: Date) => string | undefined;

/** Asks nothing: no revocation list is set. */
export const noRevocation: AskRevocation = () => undefined;

/** Asks these lists about every certificate of a path but the last, which nobody here is above. */
export function makeRevocation(lists: readonly RevocationList[]): AskRevocation {
  const verified = new WeakMap<X509Certificate, readonly RevocationList[]>();
  const listsOf = (authority: X509Certificate): readonly RevocationList[] => {
    const own = verified.get(authority) ?? listsBy(authority, lists);
    verified.set(authority, own);
    return own;
  };
  return (path, now) => {
    for (let at = path.length - 2; at >= 0; at -= 1) {
      const problem = problemBy(listsOf(path[at + 1]!), path[at]!, now);
      if (problem !== undefined)
        return problem === PROBLEM.revoked && at > 0 ? PROBLEM.authorityRevoked : problem;
    }
    return undefined;
  };
}

/** The lists that an authority has signed, the newest first. */
export const listsBy = (authority: X509Certificate, lists: readonly RevocationList[]): RevocationList[] =>
  lists
    .filter((list) => isNamedBy(list, authority) && list.isSignedBy(authority))
    .toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime());

/** Whether a list says that it is of that authority. */
export const isNamedBy = (list: RevocationList, authority: X509Certificate): boolean =>
  list.issuer.equals(fieldsOf(authority).subject);

function problemBy(lists: readonly RevocationList[], x509: X509Certificate, now: Date): string | undefined {
  if (lists.length === 0) return PROBLEM.listMissing;
  const newest = lists.find(({ thisUpdate }) => thisUpdate <= now);
  if (newest === undefined) return PROBLEM.listNotYetValid;
  if (newest.nextUpdate < now) return PROBLEM.listExpired;
  return newest.revoked.has(serialNumberOf(x509)) ? PROBLEM.revoked : undefined;
}
