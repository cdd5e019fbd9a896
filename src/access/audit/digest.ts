// From an entry to the 32 bytes that stand for it in a seal. What may be shown of an entry is its face: a personnummer
// in it is masked, and committed to by a salted hash, so that a masked copy of the trail can be verified by people who
// must not see the numbers, and the numbers cannot be guessed from it.

import { hash } from 'node:crypto';
import { maskPersonnumre } from '../../contract/mask.ts';
import { maskeret, type Personnummer } from '../../domain/personnummer.ts';
import { AUDIT_FIELDS, type AuditEntry, type AuditFieldName, type StoredEntry } from './entry.ts';
import type { CheckedEntry } from './verify.ts';

/** What an entry shows to everyone: its fields, masked, and the commitment to what was masked. */
export type Face = Readonly<Partial<Record<AuditFieldName, string | number>>> & { readonly skjult?: string };

/** What the mask hides: the fields it changed, as they are. */
export type Hidden = Readonly<Partial<Record<AuditFieldName, string>>>;

/** The two sides of an entry. */
export interface Sides {
  /** Without the commitment, which needs the salt. */
  readonly shown: Face;
  /** Nothing when the mask changed nothing. */
  readonly hidden?: Hidden;
}

/**
 * Splits an entry. The order of the fields is that of AUDIT_FIELDS, and fields without a value are left out, so that
 * the same entry always gives the same text.
 */
export function sidesOf(entry: AuditEntry): Sides {
  const shown: Record<string, string | number> = {};
  let hidden: Record<string, string> | undefined;
  for (const { name } of AUDIT_FIELDS) {
    const value = entry[name];
    if (value === undefined) continue;
    shown[name] = typeof value === 'string' ? maskField(name, value) : value;
    if (shown[name] === value) continue;
    hidden ??= {};
    hidden[name] = value as string;
  }
  return hidden === undefined ? { shown } : { shown, hidden };
}

/** A field as it is shown. Part of the format of the trail: what is sealed was masked in this way. */
export const maskField = (name: AuditFieldName, value: string): string => {
  if (name === 'personnummer') return maskeret(value as Personnummer);
  return UNMASKED.has(name) ? value : maskPersonnumre(value);
};

/** Fields that our own code writes, and never with a personnummer in them. */
const UNMASKED: ReadonlySet<AuditFieldName> = new Set([
  'tidspunkt',
  'correlationId',
  'operation',
  'udfald',
  'certificate',
  'forloebId',
  'modtager',
  'modtagerAarsag',
  'adresse',
  'sequence',
]);

/** The face of an entry. `salt`, in hexadecimal, is there exactly when something is hidden. */
export const faceOf = ({ shown, hidden }: Sides, salt: string | undefined): Face =>
  hidden === undefined ? shown : { ...shown, skjult: commitment(hidden, salt ?? '') };

/** SHA-256 of the salt in hexadecimal followed by the hidden fields as JSON. */
const commitment = (hidden: Hidden, salt: string): string => hash('sha256', salt + JSON.stringify(hidden));

/** The digest of an entry: SHA-256 of its face as JSON in UTF-8, in hexadecimal. */
export const digestOf = (face: Face): string => hash('sha256', JSON.stringify(face));

/** Computes the digest of a kept entry anew, and holds it against what is kept with it. */
export function checkStored({ entry, salt, digest: written }: StoredEntry): CheckedEntry {
  const sides = sidesOf(entry);
  const digest = digestOf(faceOf(sides, salt));
  const { seq } = entry;
  if (digest !== written) return { seq, digest, problem: 'it is not what was written' };
  if ((sides.hidden === undefined) !== (salt === undefined)) {
    return { seq, digest, problem: 'its salt is not what was written' };
  }
  return { seq, digest };
}

/** A face as it came with an export: the digest of an entry of which nothing more is known. */
export const checkFace = (face: Face & { readonly seq: number }): CheckedEntry => ({
  seq: face.seq,
  digest: digestOf(face),
});

/** An entry that came with an export, in full, and hides something: of others the face is all. */
export function checkRevealed(entry: AuditEntry, salt: string): CheckedEntry {
  const digest = digestOf(faceOf(sidesOf(entry), salt));
  return checkStored({ entry, salt, digest });
}
