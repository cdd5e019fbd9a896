// One besked as an a-kasse keeps it: from the message of the contract, to a line of JSON, and back.

import { isGuid } from '../../contract/guid.ts';
import {
  REGISTRATION_TYPES,
  type RegistrationType,
  type TidligPensionRegistration,
} from '../../contract/messages.ts';
import { type BlocksJson, blocksJson } from '../client/forloeb-json.ts';

/**
 * The whole state of one forløb after one Save. Create and Update mean the same to who keeps it: this is how the forløb
 * stands now. With neither block it is annulled.
 */
export interface Besked extends BlocksJson {
  /** A GUID that is the besked's own however often it comes: what to know it by. Lower case. */
  readonly messageIdentifier: string;
  readonly registrationType: RegistrationType;
  /** When the besked was queued: an instant with its offset, `2026-02-03T14:05:06.789+01:00`. */
  readonly eventDate: string;
  /** Ten digits. */
  readonly personnummer: string;
  /** The GUID of the forløb. Lower case. */
  readonly tidligPensionIdentifier: string;
}

/** The besked in a message. */
export const toBesked = (registration: TidligPensionRegistration): Besked => ({
  messageIdentifier: registration.MessageIdentifier.toLowerCase(),
  registrationType: registration.RegistrationType,
  eventDate: registration.EventDate,
  personnummer: registration.Personnummer,
  tidligPensionIdentifier: registration.TidligPensionIdentifier.toLowerCase(),
  ...blocksJson(registration),
});

/** How every line begins. */
export const LINE_BEGIN = '{"messageIdentifier":"';

/** The besked as a line of a file, its line end included. The identifier comes first, whoever made the object. */
export const toLine = ({ messageIdentifier, ...rest }: Besked): string =>
  `${JSON.stringify({ messageIdentifier, ...rest })}\n`;

/** The identifier of the besked on a line; undefined when the line holds no besked. */
export function identifierOf(line: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const besked = json as Readonly<Record<keyof Besked, unknown>>;
  const isOurs =
    isGuid(besked.messageIdentifier) &&
    REGISTRATION_TYPES.includes(besked.registrationType as RegistrationType) &&
    typeof besked.eventDate === 'string' &&
    typeof besked.personnummer === 'string' &&
    /^[0-9]{10}$/.test(besked.personnummer) &&
    isGuid(besked.tidligPensionIdentifier) &&
    isBlock(besked.overgangTilTidligPension) &&
    isBlock(besked.kompensationsudbetaling);
  return isOurs ? besked.messageIdentifier : undefined;
}

const isBlock = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
