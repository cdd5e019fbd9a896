// Keeps personnumre out of texts that leave the service or enter its log: any run of digits that could be one is
// masked, wherever it came from. GUIDs and SHA-256 fingerprints are left alone: they may hold such runs by chance.

import { GUID } from './guid.ts';
import { LIMITS } from './limits.ts';

const HEX = '[0-9a-fA-F]';
const SHA256 = `${HEX}{64}`;
const NOT_A_PERSONNUMMER = new RegExp(`^(?:${GUID}|${SHA256})$`);
const RUN = '[0-9]{6}[-\\s._/]?[0-9]{4}';
const DIGITS = new RegExp(RUN);
const CANDIDATES = new RegExp(
  `(?<![0-9a-fA-F-])${GUID}(?![0-9a-fA-F-])|(?<!${HEX})${SHA256}(?!${HEX})|${RUN}[0-9]*`,
  'g',
);

/** The text with every personnummer-like run of digits replaced by `**********`. */
export const maskPersonnumre = (text: string): string =>
  // Most texts hold no such run at all, and to look for GUIDs in them costs more than to see that.
  DIGITS.test(text)
    ? text.replace(CANDIDATES, (found) => (NOT_A_PERSONNUMMER.test(found) ? found : '**********'))
    : text;

/** Client text as a message may repeat it: masked first, then cut. */
export const quoteClientText = (text: string): string => maskPersonnumre(text).slice(0, LIMITS.maxQuoted);
