// Values of the simple types of the schemas, read from their text: those that anybody would write. A value that is
// written otherwise is not read here, whether the schema allows it or not.

import { isDay } from '../calendar.ts';

/** What a simple type of the schemas restricts. */
export interface Restriction {
  /** Local name of the built-in type that it restricts. */
  readonly base: string;
  readonly facets: readonly { readonly name: string; readonly value: string }[];
}

/** Reads a value; undefined when it is not one that is read here. */
export type ReadValue = (text: string) => string | number | undefined;

/** What is read of a simple type; undefined for one that is not read here. */
export function valueReader({ base, facets }: Restriction): ReadValue | undefined {
  const read = BASES[base];
  const checks = facets.map(({ name, value }) => FACETS[name]?.(value));
  if (read === undefined || checks.includes(undefined)) return undefined;
  return (text) => {
    const value = read(text);
    if (value === undefined) return undefined;
    for (const check of checks) if (!check!(text, value)) return undefined;
    return value;
  };
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?$/;
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,40})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?$/;

const dayBy =
  (pattern: RegExp): ReadValue =>
  (text) => {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    return isDay(Number(match[1]), Number(match[2]), Number(match[3])) ? text : undefined;
  };

/** By built-in type. Numbers and dates with white space around them are not read here. */
const BASES: Readonly<Record<string, ReadValue>> = {
  string: (text) => text,
  int: (text) => (/^-?\d{1,9}$/.test(text) ? Number(text) : undefined),
  date: dayBy(DATE),
  dateTime: dayBy(DATE_TIME),
};

type Check = (text: string, value: string | number) => boolean;

/** By facet. Lengths are in characters, of which a text never has more than it has units here. */
const FACETS: Readonly<Record<string, (facet: string) => Check | undefined>> = {
  pattern: (facet) => {
    const pattern = patternOf(facet);
    return pattern && ((text) => pattern.test(text));
  },
  minLength: (facet) => (text) => text.length >= 2 * Number(facet) || [...text].length >= Number(facet),
  maxLength: (facet) => (text) => text.length <= Number(facet),
  minInclusive: (facet) => (_, value) => (value as number) >= Number(facet),
  maxInclusive: (facet) => (_, value) => (value as number) <= Number(facet),
};

/** What means something else in the patterns of schemas than here, or only there. */
const FOREIGN = /\\[^-.()[\]\\s]|\[[^\]]*-\[|(?<!\[)\^|\$|\(\?/;
const NEGATED_CLASS = /\[\^(?:[^\]\\]|\\.)*\]/g;

/** A pattern of a schema, which always means the whole value. `\s` excludes more here than there, and is only excluded. */
function patternOf(facet: string): RegExp | undefined {
  if (FOREIGN.test(facet) || facet.replaceAll(NEGATED_CLASS, '').includes('\\s')) return undefined;
  return new RegExp(`^(?:${facet})$`, 'u');
}
