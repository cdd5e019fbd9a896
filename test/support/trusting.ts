// A judge of client certificates with authorities and lists of a test's own.

import { clientCertificate } from '../../src/access/certificates/client-certificate.ts';
import { Intermediates, makeTrust, readRevocationLists } from '../../src/access/certificates/trust.ts';
import type { Party } from './pki.ts';

/** What the judge goes by. */
export interface Trusting {
  readonly authorities: readonly Party[];
  /** PEM; without any nothing is looked up. */
  readonly lists?: readonly string[];
  readonly intermediates?: Intermediates;
}

/** Asks what is wrong with a certificate, with what the client sends along, at a time. */
export type Ask = (leaf: Party, sent?: readonly Party[], at?: Date) => string | undefined;

/** Makes the judge. */
export function trusting({ authorities, lists, intermediates = new Intermediates() }: Trusting): Ask {
  const trusted = authorities.map(({ x509 }) => x509);
  const trust = makeTrust(trusted, lists && readRevocationLists(lists.join(''), trusted), intermediates);
  return (leaf, sent = [], at = new Date()) =>
    trust.problemOf(clientCertificate([leaf.x509, ...sent.map(({ x509 }) => x509)]), at);
}
