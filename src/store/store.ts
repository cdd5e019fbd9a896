// The one interface to what is durable. Small on purpose, and free of anything that only one database has: each
// call is one transaction, and has its audit entry in that same transaction. What the service asks for is plain data
// that may cross a thread or a network; only an import is handed its lines as they are read. An answer means that all
// of it is on disk.

import type { AuditFieldName, NewAuditEntry, StoredEntry } from '../access/audit/entry.ts';
import type { FullSeal, Seal } from '../access/audit/seal.ts';
import type { Fejlkode, Resultat } from '../contract/fejlkatalog.ts';
import type { RequestUserMetadata } from '../contract/messages.ts';
import type { Dato } from '../domain/dato.ts';
import type { Forloeb, ForloebId, ForloebVersion } from '../domain/forloeb.ts';
import type { Indberetning } from '../domain/indberetning.ts';
import type { Laeseadgang } from '../domain/laeseadgang.ts';
import type { Afloesere, Medlemskab } from '../domain/medlemskab.ts';
import type { Personnummer } from '../domain/personnummer.ts';
import type { Ports } from '../domain/ports.ts';
import type { StoreHealth } from './health.ts';
import type { Kald } from './kald.ts';
import type { OutboxCare, OutboxWatch, Sequences } from './outbox.ts';

export type { Kald } from './kald.ts';

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

/** What the store takes from outside: its clock, which stamps under the write lock, and chance. */
export type StorePorts = Pick<Ports, 'now' | 'newId' | 'newSalt'>;

/** What a call asks of the store. */
export interface CallStore {
  /** Judges and keeps one indberetning. A refusal is kept in the audit trail and changes nothing else. */
  save(command: SaveCommand): Promise<Resultat<ForloebVersion>>;
  /** Every forløb of a citizen, latest versions, in no promised order; 4575 when the caller may not read it. */
  get(query: GetQuery): Promise<Resultat<readonly Forloeb[]>>;
  /** Keeps the audit entry of a refused call; 1101 and 1012 are gathered, see `AuditIntake.seal`. */
  recordRefusal(refusal: AfvistKald): Promise<void>;
}

/** What a service that runs asks of the store: its calls, and what it does by itself. */
export interface ServedStore extends CallStore {
  readonly sequences: Sequences;
  readonly outbox: OutboxWatch;
  readonly audit: AuditIntake;
  readonly health: StoreHealth;
  /** Waits for what is under way, seals the audit trail and closes; gives the last seal it made. It takes no calls afterwards. */
  close(): Promise<Seal | undefined>;
}

export interface Store extends ServedStore {
  readonly medlemskaber: MedlemskabRegister;
  readonly outbox: OutboxCare & OutboxWatch;
  readonly audit: AuditTrail;
}

/** The membership register. */
export interface MedlemskabRegister {
  /** Replaces what the register holds for the given keys, and releases the beskeder that follow; all of it or none. */
  import(register: MedlemskabImport): Promise<MedlemskabImportResult>;
  /** Every membership of the citizen as registered. The look at them is kept in the audit trail. */
  show(personnummer: Personnummer, entry: NewAuditEntry): Promise<readonly RegistreretMedlemskab[]>;
}

/** A membership with what only operators ask for. */
export interface RegistreretMedlemskab extends Medlemskab {
  readonly afgangsaarsag?: string;
}

/** One line of the membership register: the key is personnummer, a-kasse and start. */
export interface MedlemskabLinje extends RegistreretMedlemskab {
  /** The line in the file, counted from 1. */
  readonly linje: number;
  readonly personnummer: Personnummer;
}

/** A line that cannot be used, and why. The reason never holds a personnummer. */
export interface AfvistLinje {
  readonly linje: number;
  readonly grund: string;
}

/** An import of the membership register, as one transaction. */
export interface MedlemskabImport {
  /** Each line as it is read; one that was refused already keeps the others from being kept. */
  readonly linjer: Iterable<MedlemskabLinje | AfvistLinje>;
  /** Memberships that are not among the lines are first marked recalled. */
  readonly hele: boolean;
  /** "Today", and which a-kasse has taken over which: decides which waiting beskeder are released. */
  readonly idag: Dato;
  readonly afloesere: Afloesere;
  /** The entry of the import; its counts are added as `detaljer`. */
  readonly entry: NewAuditEntry;
}

/** What an import did, or the lines that stand in its way, in order; with any of those nothing was changed. */
export type MedlemskabImportResult =
  | {
      readonly ok: true;
      readonly nye: number;
      readonly aendrede: number;
      readonly uaendrede: number;
      readonly tilbagekaldte: number;
      /** Waiting beskeder that now have a recipient. */
      readonly frigivne: number;
    }
  | { readonly ok: false; readonly antal: number; readonly fejl: AsyncIterable<AfvistLinje> };

/** The audit trail as it is read. */
export interface AuditReader {
  /** A page of entries after the number `after`, in order. */
  entries(page: AuditPage): Promise<readonly StoredEntry[]>;
  /** A page of seals after the number `after`, in order. */
  seals(page: { readonly after: number; readonly limit: number }): Promise<readonly FullSeal[]>;
  /** Refusals that are still being gathered: entries without a number. */
  gathering(): Promise<readonly NewAuditEntry[]>;
  /** The numbers of the last entry and the last seal that were ever written, kept apart from them. */
  counters(): Promise<AuditCounters>;
}

export interface AuditCounters {
  readonly entries: number;
  readonly seals: number;
}

/** The audit trail as it grows: what happened is added, and nothing in it can be changed. */
export interface AuditIntake {
  /** Keeps the entry of something that operators did. */
  record(entry: NewAuditEntry): Promise<void>;
  /**
   * Turns the refusals that were gathered in minutes that are over into entries, and seals what is not sealed yet.
   * Any process may do so at any time; calls wait for it no longer than for another call. Gives the last seal it made.
   */
  seal(): Promise<Seal | undefined>;
}

/** All of the audit trail. */
export interface AuditTrail extends AuditReader, AuditIntake {}

/** Which entries are asked for; every condition that is given must hold. */
export interface AuditFilter {
  readonly personnummer?: Personnummer;
  /** ActiveOrganisation: its code, or its type and code. */
  readonly organisation?: { readonly type?: number; readonly code: string };
  /** Instants, UTC, as in `tidspunkt`; `to` is not included. */
  readonly from?: string;
  readonly to?: string;
  /** Fields that must have exactly that value. */
  readonly equals?: Readonly<Partial<Record<AuditFieldName, string | number>>>;
}

export interface AuditPage {
  readonly after: number;
  readonly limit: number;
  readonly filter?: AuditFilter;
}

/** What was asked could not be kept, for the store itself fails: no room, a disk that does not write. `message` says why. */
export class StoreFailingError extends Error {
  override readonly name: string = 'StoreFailingError';
  /** Whether it may be found kept all the same, whole, should the process end before the store is well. */
  readonly mayBeKept: boolean;

  constructor(message: string, mayBeKept = false) {
    super(message);
    this.mayBeKept = mayBeKept;
  }
}

/** A call that gave up waiting for another process; nothing of it was kept, not even its audit entry. */
export class StoreBusyError extends StoreFailingError {
  override readonly name = 'StoreBusyError';
}

/** A store that cannot be opened or is not safe to use. `message` says what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Where a store is: `name` is host, port and database of its server, without a password, fit for people. */
export type StorePlace =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'server'; readonly name: string };

/** What a look at a store from outside finds. Looking makes nothing, changes nothing and holds nobody up. */
export type StoreCondition =
  /** There is none yet; the first start makes it. */
  | { readonly state: 'none'; readonly place: StorePlace }
  /** It cannot be used as it is; `reason` and `remedy` are for people. */
  | {
      readonly state: 'unusable';
      readonly place: StorePlace;
      readonly reason: string;
      readonly remedy: string;
    }
  | StoreInUse;

/** A store that can be used; one that is `older` is brought to this program's schema when it is next opened. */
export interface StoreInUse {
  readonly state: 'older' | 'current';
  readonly place: StorePlace;
  /** Which database it is in, and its version, where that is not part of this program: `PostgreSQL 15.18`. */
  readonly version?: string;
  /** The newest step of its schema, and when it was taken. */
  readonly schema: string;
  readonly schemaFrom: string;
  /** What keeps it from holding every commit as soon as it is answered; undefined when nothing does. */
  readonly notDurable?: string;
  /** Whether every page was looked through; not done where it takes long. */
  readonly lookedThrough: boolean;
  /** Whether the register holds a membership that is not recalled. */
  readonly hasMedlemskaber: boolean;
  /** When the newest entry of the audit trail was made. */
  readonly newestEntry?: string;
  /** What the next seal will take, gathered refusals included: how many, and since when. */
  readonly unsealed: number;
  readonly unsealedSince?: string;
}
