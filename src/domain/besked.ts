// The besked: what an a-kasse is told of one version of a forløb, whichever way it is told.

import type { RequestUserMetadata, TidligPensionRegistration } from '../contract/messages.ts';
import type { ForloebVersion } from './forloeb.ts';
import { tilstandMessage } from './get.ts';
import { iDanskTid } from './tidspunkt.ts';

/** One besked that has a recipient. */
export interface Besked extends Omit<ForloebVersion, 'nr'> {
  /** Made at Save, and the same for ever: consumers know by it what they have had. */
  readonly messageIdentifier: string;
  /** When it was queued for its recipient. */
  readonly eventDate: Date;
  /** The header of the Save that caused it. */
  readonly requestUserMetadata: RequestUserMetadata;
}

/** A besked in the words of the contract: the whole state of that version, so an annulled one has neither block. */
export const beskedMessage = (besked: Besked): TidligPensionRegistration => ({
  MessageIdentifier: besked.messageIdentifier,
  RequestUserMetadata: besked.requestUserMetadata,
  RegistrationType: besked.registrationType,
  EventDate: iDanskTid(besked.eventDate),
  Personnummer: besked.personnummer,
  TidligPensionIdentifier: besked.forloebId,
  ...tilstandMessage(besked),
});
