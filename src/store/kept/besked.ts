// Beskeder in columns, as every database keeps them, and what they become.

import type { RegistrationType, RequestUserMetadata } from '../../contract/messages.ts';
import type { Besked } from '../../domain/besked.ts';
import type { BeskedAarsag } from '../../domain/besked-modtager.ts';
import type { ForloebId } from '../../domain/forloeb.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { BeskedFacts } from '../outbox.ts';
import { withoutNulls } from './row.ts';
import { type KeptTilstand, toTilstand } from './tilstand.ts';

/** A besked without a recipient. */
export interface VentendeBesked {
  readonly beskedNr: number;
  readonly forloebId: ForloebId;
  readonly version: number;
  readonly aarsag: BeskedAarsag;
}

/** Where a besked goes, or why it waits. */
export interface BeskedModtager {
  readonly akasse?: AkasseKode;
  readonly aarsag: BeskedAarsag;
}

/** The besked that a version owes. */
export interface OwedBesked {
  readonly forloebId: ForloebId;
  readonly version: number;
  readonly personnummer: Personnummer;
}

/** A version, and the number of its besked where it has one. */
export interface Placed {
  readonly forloebId: ForloebId;
  readonly version: number;
  readonly beskedNr?: number;
}

/** A besked in the queue of an a-kasse. */
export interface BeskedIKoe {
  readonly beskedNr: number;
  readonly messageIdentifier: string;
}

/** A besked with the version that it tells of. */
export interface BeskedRow extends KeptTilstand {
  message_identifier: string;
  registration_type: RegistrationType;
  event_date: string;
  personnummer: Personnummer;
  forloeb_id: ForloebId;
  version: number;
  request_user_metadata: string;
}

/** The besked that a row says. */
export const toBesked = (row: BeskedRow): Besked => ({
  messageIdentifier: row.message_identifier,
  registrationType: row.registration_type,
  eventDate: new Date(row.event_date),
  personnummer: row.personnummer,
  forloebId: row.forloeb_id,
  version: row.version,
  requestUserMetadata: JSON.parse(row.request_user_metadata) as RequestUserMetadata,
  ...toTilstand(row),
});

/** A besked as operators see it, in columns, with its number. */
export type BeskedFactsRow = { [K in keyof Omit<BeskedFacts, 'sequences'>]-?: BeskedFacts[K] | null } & {
  beskedNr: number;
};

/** What operators see of a besked, with the sequences that hold or held it. */
export const toBeskedFacts = (
  { beskedNr: _, ...row }: BeskedFactsRow,
  sequences: BeskedFacts['sequences'],
): BeskedFacts => ({ ...withoutNulls<Omit<BeskedFacts, 'sequences'>>(row), sequences });
