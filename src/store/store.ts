// The one interface to what is durable. Small on purpose, and free of anything that only one database has: each
// call is one transaction, and has its audit entry in that same transaction. What the service asks for is plain data
// that may cross a thread or a network; only an import is handed its lines as they are read. An answer means that all
// of it is on disk.

import type { Fejlkode, Resultat } from '../contract/fejlkatalog.ts';
import type { ActiveOrganisation, RequestUserMetadata } from '../contract/messages.ts';
import type { OperationName } from '../contract/names.ts';
import type { Dato } from '../domain/dato.ts';
import type { Forloeb, ForloebId, ForloebVersion } from '../domain/forloeb.ts';
import type { Indberetning } from '../domain/indberetning.ts';
import type { Laeseadgang } from '../domain/laeseadgang.ts';
import type { Afloesere, Medlemskab } from '../domain/medlemskab.ts';
import type { Personnummer } from '../domain/personnummer.ts';

/** What the edge knows about a call before the store is asked: the head of its audit entry. */
export interface Kald {
  /** When the call was received. */
  readonly modtaget: Date;
  /** "Today" in Europe/Copenhagen, taken once for the whole call. */
  readonly idag: Dato;
  readonly correlationId: string;
  readonly operation?: OperationName;
  /** SHA-256 of the client certificate in hexadecimal, `(tls off)` where there is no TLS, or nothing. */
  readonly certificate?: string;
  readonly system?: string;
  readonly activeOrganisation?: ActiveOrganisation;
  readonly requestUserMetadata?: RequestUserMetadata;
  /** Known once the body has been read; refused calls keep it in the trail too. */
  readonly personnummer?: Personnummer;
  /** The identifier that the message names, of a refused call too. */
  readonly forloebId?: ForloebId;
}

/** One Save: judge the indberetning and, if it is accepted, keep version, besked and audit entry together. */
export interface SaveCommand {
  readonly kald: Kald & { readonly requestUserMetadata: RequestUserMetadata };
  readonly indberetning: Indberetning;
  /** Used when the indberetning names no forløb. */
  readonly nytId: ForloebId;
  /** MessageIdentifier of the besked that this Save causes. */
  readonly messageIdentifier: string;
  /** Which a-kasse has taken over which today: decides who is told. */
  readonly afloesere: Afloesere;
}

/** One Get: judge whether the caller may read the citizen, read every forløb, and keep an audit entry of it. */
export interface GetQuery {
  readonly kald: Kald;
  readonly personnummer: Personnummer;
  readonly adgang: Laeseadgang;
}

/** A call that ended before the store was needed: only its audit entry is kept. */
export interface AfvistKald {
  readonly kald: Kald;
  readonly fejlkode: Fejlkode;
}

export interface Store {
  /** Judges and keeps one indberetning. A refusal is kept in the audit trail and changes nothing else. */
  save(command: SaveCommand): Promise<Resultat<ForloebVersion>>;
  /** Every forløb of a citizen, latest versions, in no promised order; 4575 when the caller may not read it. */
  get(query: GetQuery): Promise<Resultat<readonly Forloeb[]>>;
  /** Keeps the audit entry of a refused call. */
  recordRefusal(refusal: AfvistKald): Promise<void>;
  /** Replaces what the membership register holds for the given keys; all of them or none. */
  importMedlemskaber(register: MedlemskabImport): Promise<MedlemskabImportCounts>;
  /** Waits for what is under way and closes. The store takes no calls afterwards. */
  close(): Promise<void>;
}

/** One line of the membership register: the key is personnummer, a-kasse and start. */
export interface MedlemskabLinje extends Medlemskab {
  /** The line in the file, counted from 1. */
  readonly linje: number;
  readonly personnummer: Personnummer;
  readonly afgangsaarsag?: string;
}

/** An import of the membership register, as one transaction. */
export interface MedlemskabImport {
  readonly linjer: Iterable<MedlemskabLinje>;
  /** Memberships that are not among the lines are first marked recalled. */
  readonly hele: boolean;
}

/** What an import did, or the lines that stand in its way; with any of those nothing was changed. */
export type MedlemskabImportCounts =
  | {
      readonly ok: true;
      readonly nye: number;
      readonly aendrede: number;
      readonly uaendrede: number;
      readonly tilbagekaldte: number;
    }
  | { readonly ok: false; readonly fejl: readonly { readonly linje: number; readonly grund: string }[] };

/** A call that gave up waiting for another process; nothing of it was kept, not even its audit entry. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
}

/** A store that cannot be opened or is not safe to use. `message` says what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
