// The personnummer: ten digits that name a citizen. It is kept out of every log, metric and fault text.

declare const brand: unique symbol;

/** A citizen's number, `DDMMYYNNNN`, whose day and month are possible. There is no check digit to rely on. */
export type Personnummer = string & { readonly [brand]: 'Personnummer' };

const DAY_AND_MONTH =
  /^(?:(?:0[1-9]|[12][0-9]|3[01])(?:01|03|05|07|08|10|12)|(?:0[1-9]|[12][0-9]|30)(?:04|06|09|11)|(?:0[1-9]|[12][0-9])02)[0-9]{6}$/;

/** What the platform writes for "required but unknown": valid on the wire, refused by the rules (1001). */
export const UKENDT_PERSONNUMMER = '0000000000';

/** The text as a personnummer, or undefined when it is not one; ten zeros are not one. */
export const readPersonnummer = (text: string): Personnummer | undefined =>
  DAY_AND_MONTH.test(text) ? (text as Personnummer) : undefined;

/** For people's eyes where the whole number is not needed: `010160-****`. */
export const maskeret = (personnummer: Personnummer): string => `${personnummer.slice(0, 6)}-****`;
