// What is asked of the outbox, as part of the one interface to what is durable. The beskeder themselves are queued by
// a Save or an import, in their transactions; here they go out, and operators look after them.

import type { NewAuditEntry } from '../access/audit/entry.ts';
import type { Resultat } from '../contract/fejlkatalog.ts';
import type { RegistrationType } from '../contract/messages.ts';
import type { Besked } from '../domain/besked.ts';
import type { BeskedAarsag } from '../domain/besked-modtager.ts';
import type { Dato } from '../domain/dato.ts';
import type { ForloebId } from '../domain/forloeb.ts';
import type { Afloesere, AkasseKode } from '../domain/medlemskab.ts';
import type { Personnummer } from '../domain/personnummer.ts';
import type { SequenceOperation, SequenceState } from '../notify/pull/transfer.ts';
import type { Kald } from './kald.ts';

/** Whose queue: the a-kasse that calls, and every code it answers for. */
export interface Koe {
  readonly akasse: AkasseKode;
  readonly koder: readonly AkasseKode[];
}

/** Opens a sequence over what waits. */
export interface CreateSequenceCommand {
  readonly kald: Kald;
  readonly koe: Koe;
  /** The identifier that the sequence gets. */
  readonly identifier: string;
  /** Minutes after which an idle sequence no longer stands in the way. */
  readonly idleMinutes: number;
}

/** A call on a sequence. The identifier is in lower case, as they are kept. */
export interface SequenceCommand<O extends SequenceOperation = SequenceOperation> {
  readonly kald: Kald;
  readonly koe: Koe;
  readonly operation: O;
  readonly identifier: string;
  readonly idleMinutes: number;
}

/** The pull door: sequences, by which an a-kasse fetches its beskeder. Each call is one transaction with its entry. */
export interface Sequences {
  /**
   * Opens a sequence over the oldest beskeder that wait, and gives how many it holds; with none it counts as
   * terminated at once. 1014 while another one is open.
   */
  create(command: CreateSequenceCommand): Promise<Resultat<{ readonly antal: number }>>;
  /** What an open sequence holds, in order; 1014 for any other. */
  fetch(command: SequenceCommand<'GetTidligPensionVersion1'>): Promise<Resultat<readonly Besked[]>>;
  /** Takes exactly what the sequence holds off the queue (Terminate), or gives it back (Close); 1014 by the table. */
  end(command: SequenceCommand<'TerminateSequence' | 'CloseSequence'>): Promise<Resultat<undefined>>;
  /** Rolls back what has been idle for so many minutes, with an entry for each; gives their identifiers. */
  rollBackIdle(idleMinutes: number): Promise<readonly string[]>;
}

/** How long the queue of an a-kasse is. */
export interface QueueLength {
  /** The code that its beskeder were queued for. */
  readonly akasse: AkasseKode;
  readonly waiting: number;
  /** When the oldest of them was queued, UTC. */
  readonly oldest: string;
}

/** What the service itself looks at from time to time; it concerns no citizen and leaves no entry. */
export interface OutboxWatch {
  /** Every queue in which something waits, by code. */
  lengths(): Promise<readonly QueueLength[]>;
}

/** What operators ask of the outbox. Whatever they ask leaves its entry. */
export interface OutboxCare {
  /** The queue of each a-kasse that has or had one, by code; and what waits for a recipient, by reason. */
  overview(entry: NewAuditEntry): Promise<OutboxOverview>;
  /** Every besked that the identifier means: its own, that of a forløb, or that of a sequence. */
  find(identifier: string, entry: NewAuditEntry): Promise<OutboxFinding | undefined>;
  /** Gives the beskeder of an open sequence back; gives the state it had, undefined when there is none of that name. */
  closeSequence(identifier: string, entry: NewAuditEntry): Promise<SequenceState | undefined>;
  /** Versions without the besked they owe, which must be none. With `recreate` each gets it, with an entry of its own. */
  sweep(sweep: OutboxSweep): Promise<SweepResult>;
}

/** The queue of one a-kasse, under the code that its beskeder were queued for, and that it calls under. */
export interface QueueOverview {
  readonly akasse: AkasseKode;
  readonly waiting: number;
  /** When the oldest of them was queued. */
  readonly oldest?: string;
  readonly open?: SequenceFacts;
  /** The last time its a-kasse called for it, refused or not. */
  readonly lastPoll?: string;
}

export interface OutboxOverview {
  readonly queues: readonly QueueOverview[];
  /** Beskeder that have no recipient yet. */
  readonly without: readonly { readonly aarsag: BeskedAarsag; readonly antal: number }[];
}

/** A besked as operators see it. */
export interface BeskedFacts {
  readonly messageIdentifier: string;
  readonly forloebId: ForloebId;
  readonly version: number;
  readonly personnummer: Personnummer;
  readonly registrationType: RegistrationType;
  readonly modtager?: AkasseKode;
  readonly modtagerAarsag: BeskedAarsag;
  /** When it was queued, UTC. */
  readonly eventDate?: string;
  /** When it left the queue, UTC. */
  readonly delivered?: string;
  /** Every sequence that holds or held it, in order; those that were given back without being fetched are forgotten. */
  readonly sequences: readonly { readonly identifier: string; readonly state: SequenceState }[];
}

export interface SequenceFacts {
  readonly identifier: string;
  readonly akasse: AkasseKode;
  readonly state: SequenceState;
  readonly antal: number;
  readonly opened: string;
  readonly lastCall: string;
  /** When its beskeder were first handed out; what was not is forgotten when it is given back. */
  readonly fetched?: string;
  readonly ended?: string;
}

export interface OutboxFinding {
  /** Where the identifier is that of a sequence. */
  readonly sequence?: SequenceFacts;
  readonly beskeder: readonly BeskedFacts[];
}

export interface OutboxSweep {
  readonly recreate: boolean;
  /** "Today", and which a-kasse has taken over which: decides the recipient where the trail does not say it. */
  readonly idag: Dato;
  readonly afloesere: Afloesere;
  readonly entry: NewAuditEntry;
}

/** A version without its besked; with where that goes, once it has been queued again. */
export interface MissingBesked {
  readonly forloebId: ForloebId;
  readonly version: number;
  readonly personnummer: Personnummer;
  readonly modtager?: AkasseKode;
  readonly modtagerAarsag?: BeskedAarsag;
}

/** What a sweep found, and how many of those have their besked now: queued by it, or by another one at the same time. */
export interface SweepResult {
  readonly versions: number;
  readonly missing: readonly MissingBesked[];
  readonly recreated: number;
}
