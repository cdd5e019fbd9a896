// What a database shows of a store to have it verified: each kind of row in one order, as it is kept and without any
// judgement, so that every database is held to the same list of checks.

import type { StoredEntry } from '../../access/audit/entry.ts';
import type { FullSeal } from '../../access/audit/seal.ts';
import type { KeptTilstand } from '../kept/tilstand.ts';
import type { AuditCounters } from '../store.ts';

/** A forløb as it stands. */
export interface KeptForloeb extends KeptTilstand {
  readonly forloebId: string;
  readonly personnummer: string;
  readonly nr: number;
  readonly version: number;
}

export interface KeptVersion extends KeptTilstand {
  readonly forloebId: string;
  readonly version: number;
  readonly personnummer: string;
  readonly correlationId: string;
  readonly indberettet: string;
  /** As JSON. */
  readonly requestUserMetadata: string;
}

export interface KeptBesked {
  readonly beskedNr: number;
  readonly messageIdentifier: string;
  readonly forloebId: string;
  readonly version: number;
  readonly personnummer: string;
  readonly registrationType: string;
  readonly modtager: string | null;
  readonly aarsag: string;
  readonly eventDate: string | null;
  readonly delivered: string | null;
  readonly deliveredIn: number | null;
}

/** An entry that says what became of a version: that a Save made it, or who gets its besked. */
export interface KeptDecision {
  readonly seq: number;
  readonly operation: 'SaveTidligPension' | 'FrigivBesked' | 'OverhalBesked' | 'GenskabBesked';
  readonly forloebId: string;
  readonly version: number;
  readonly personnummer: string | null;
  readonly correlationId: string;
  readonly modtager: string | null;
  readonly aarsag: string | null;
  readonly detaljer: string | null;
}

export interface KeptSequence {
  readonly sequenceNr: number;
  readonly identifier: string;
  readonly akasse: string;
  readonly state: string;
  /** The codes it answers for, as JSON. */
  readonly koder: string;
  readonly antal: number;
}

/** That a sequence holds a besked, and where that besked went; `null` where there is no such besked. */
export interface KeptHold {
  readonly sequenceNr: number;
  readonly beskedNr: number;
  readonly deliveredIn: number | null;
  readonly modtager: string | null;
}

/** That a besked says it was delivered, and in which sequence; 0 where it does not say. */
export interface KeptDelivery {
  readonly sequenceNr: number;
  readonly beskedNr: number;
}

/** How much a store holds, and how far its trail goes. */
export interface StoreContents {
  /** The newest step of its schema. */
  readonly schema: string;
  readonly forloeb: number;
  readonly versions: number;
  readonly beskeder: number;
  readonly medlemskaber: number;
  /** Number of the newest audit entry, and when it was made. */
  readonly entries: number;
  readonly newestEntry?: string;
  readonly lastSeal?: { readonly nr: number; readonly hash: string };
}

/** A store as it is at one moment. Nothing of it is held in memory; every list may be asked for more than once. */
export interface StoreRows {
  /** Each thing that keeps the database from being read as it was written, in words. */
  damage(): AsyncIterable<string>;
  /** Each thing that is otherwise in its schema than this program makes it, in words. */
  schemaDifferences(): AsyncIterable<string>;
  /** By `forloebId`. */
  forloeb(): AsyncIterable<KeptForloeb>;
  /** By `personnummer`, then `nr`. */
  forloebByBorger(): AsyncIterable<KeptForloeb>;
  /** By `forloebId`, then `version`; so are `beskeder`, and `decisions`, which go on by `seq`. */
  versions(): AsyncIterable<KeptVersion>;
  beskeder(): AsyncIterable<KeptBesked>;
  decisions(): AsyncIterable<KeptDecision>;
  /** MessageIdentifiers in order, in lower case, each with the number of its besked. */
  identifiers(): AsyncIterable<{ readonly identifier: string; readonly beskedNr: number }>;
  /** By `sequenceNr`; so are `holds` and `deliveries`, which go on by `beskedNr`. */
  sequences(): AsyncIterable<KeptSequence>;
  holds(): AsyncIterable<KeptHold>;
  deliveries(): AsyncIterable<KeptDelivery>;
  readonly trail: {
    entries(): AsyncIterable<StoredEntry>;
    seals(): AsyncIterable<FullSeal>;
    counters(): Promise<AuditCounters>;
  };
  contents(): Promise<StoreContents>;
  close(): Promise<void>;
}
