// What a version says, as one digest: the audit entry of its Save holds it, so that a decision cannot be changed under a
// trail that verifies. The MessageIdentifier of its besked is in it, which nobody who reads the trail knows: so nothing
// can be guessed from the digest.

import { hash } from 'node:crypto';
import type { KeptTilstand } from './kept/tilstand.ts';

/** A version as it is kept, with the identifier of its besked. */
export interface VersionIndhold extends KeptTilstand {
  readonly forloebId: string;
  readonly version: number;
  /** When it was received, as it is kept. */
  readonly indberettet: string;
  /** The header of the Save, as it is kept. */
  readonly requestUserMetadata: string;
  readonly messageIdentifier: string;
}

/** SHA-256 over all of it, 64 hexadecimal digits. Part of the format of the trail: it never changes. */
export const indholdDigest = (says: VersionIndhold): string =>
  hash(
    'sha256',
    JSON.stringify([
      says.messageIdentifier,
      says.forloebId,
      says.version,
      says.overgangsdato,
      says.afgoerelsesdato,
      says.ophoersdato,
      says.kompensationsafgoerelsesdato,
      says.indberettet,
      says.requestUserMetadata,
    ]),
  );

/** What the entry of a Save holds of it, as JSON. */
export const indholdDetaljer = (says: VersionIndhold): string =>
  JSON.stringify({ indhold: indholdDigest(says) });

/** The digest that an entry holds; undefined for one that holds none, as those before 0.4.0. */
export function indholdIn(detaljer: string | null): string | undefined {
  try {
    return detaljer === null ? undefined : (JSON.parse(detaljer) as { indhold?: string }).indhold;
  } catch {
    return undefined; // no JSON: somebody has been at the entry, and the trail does not verify
  }
}
