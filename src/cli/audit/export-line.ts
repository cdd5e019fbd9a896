// What a line of an exported trail is, and how it is written and read as JSON. Everything that is needed to verify the
// export elsewhere is in it.

import { AUDIT_FIELDS, type AuditFieldName } from '../../access/audit/entry.ts';
import type { SealOrLink } from '../../access/audit/seal.ts';

/** The fields of an exported entry: masked, with `skjult`, or as they are, with `salt`. Neither where nothing is hidden. */
export type ExportedEntry = Readonly<Partial<Record<AuditFieldName | 'skjult' | 'salt', string | number>>> & {
  readonly seq: number;
};

/** One line. The first is `export`, the last is `end`; each seal stands behind its entries. */
export type ExportLine =
  | {
      readonly export: {
        readonly format: 1;
        readonly tidspunkt: string;
        /** What was asked for, masked; nothing: everything. */
        readonly filter: Readonly<Record<string, string | number>>;
      };
    }
  | { readonly entry: ExportedEntry }
  | { readonly seal: SealOrLink }
  | { readonly end: { readonly entries: number; readonly seals: number } };

/** Names of the fields of an exported entry, in order. */
export const ENTRY_KEYS = [...AUDIT_FIELDS.map(({ name }) => name), 'skjult', 'salt'] as const;

const KEY_TYPES: ReadonlyMap<string, 'number' | 'string'> = new Map([
  ...AUDIT_FIELDS.map(({ name, type }) => [name, type === 'number' ? 'number' : 'string'] as const),
  ['skjult', 'string'] as const,
  ['salt', 'string'] as const,
]);

/** A line as JSON, with its line end. */
export const toJsonLine = (line: ExportLine): string => `${JSON.stringify(line)}\n`;

/** What a line of JSON says; undefined when it is no line of an export, or not written as one. */
export function readJsonLine(text: string): ExportLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Written in any other way it could say something twice, and two readers could believe different halves.
    return JSON.stringify(value) === text ? readExportLine(value) : undefined;
  } catch {
    return undefined;
  }
}

/** What a decoded line says; undefined when it is no line of an export. */
export function readExportLine(value: unknown): ExportLine | undefined {
  if (!isObject(value)) return undefined;
  const [kind, ...more] = Object.keys(value);
  if (kind === undefined || more.length > 0) return undefined;
  const isValid = VALID.get(kind)?.(value[kind]) ?? false;
  return isValid ? (value as unknown as ExportLine) : undefined;
}

type Check = (value: unknown) => boolean;
type Values = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNatural: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isText: Check = (value) => typeof value === 'string';

/** An object with these keys and no others; those of `optional` may be missing. */
const shape =
  (checks: Readonly<Record<string, Check>>, optional: readonly string[] = []): Check =>
  (value) =>
    isObject(value) &&
    Object.keys(value).every((key) => Object.hasOwn(checks, key)) &&
    Object.entries(checks).every(([key, check]) =>
      value[key] === undefined ? optional.includes(key) : check(value[key]),
    );

const isEntry: Check = (value) => {
  if (!isObject(value) || !isNatural(value.seq)) return false;
  for (const key in value) if (typeof value[key] !== KEY_TYPES.get(key)) return false;
  return value.skjult === undefined || value.salt === undefined;
};

const isSealedEntry = shape({ seq: isNatural, digest: isHash });

const VALID: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    export: shape({ format: (value) => value === 1, tidspunkt: isText, filter: isObject }),
    entry: isEntry,
    seal: shape(
      {
        nr: isNatural,
        tidspunkt: isText,
        forrige: isHash,
        indhold: isHash,
        hash: isHash,
        entries: (value) => Array.isArray(value) && value.every(isSealedEntry),
      },
      ['entries'],
    ),
    end: shape({ entries: isNatural, seals: isNatural }),
  }),
);
