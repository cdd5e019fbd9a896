// What an attack is, and what many of them are made of: a valid message, places in it, and how it may be refused.

import { getEnvelope } from '../support/envelopes.ts';

/** What becomes of an attack: refused with that code and text, refused by HTTP, or harmless and answered. */
export type Outcome = readonly [code: number, text: string] | { readonly status: number } | 'ignored';

/** One attack on one service. */
export interface Attack {
  readonly body: string | Uint8Array;
  /** By default PensionService. */
  readonly service?: 'WsrmService';
  /** Header lines besides those of any request, or in place of one of the same name. */
  readonly headers?: readonly string[];
  readonly outcome: Outcome;
}

/** The citizen that they ask for, and the message that they change. */
export const BORGER = '2902610008';
export const GET = getEnvelope(BORGER);

/** That message with something else in its header, or in place of the personnummer. */
export const inHeader = (xml: string): string => GET.replace('<s:Header>', () => `<s:Header>${xml}`);
export const asValue = (text: string): string => GET.replace(BORGER, () => text);

/** How it is refused. */
export const BROKEN: Outcome = [1014, 'The message is not well-formed XML'];
export const UTF16: Outcome = [1014, 'The message is encoded as UTF-16 or UTF-32'];
export const VALUE: Outcome = [1014, 'the value is not valid; expected ten digits'];

export const MB = 1_000_000;
