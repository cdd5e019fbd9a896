// What is known of a call when the store is asked: the head of its audit entry.

import type { ActiveOrganisation, RequestUserMetadata } from '../contract/messages.ts';
import type { OperationName } from '../contract/names.ts';
import type { Dato } from '../domain/dato.ts';
import type { ForloebId } from '../domain/forloeb.ts';
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
  /** The sequence that the call names. */
  readonly sequence?: string;
  /** Network address of the caller, where no certificate is known. */
  readonly adresse?: string;
}
