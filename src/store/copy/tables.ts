// What of a store is copied, in the order in which one thing needs another, and in the one form that a row has whatever
// database it is in: dates and instants as text, bytes in hexadecimal, and 0 or 1 for yes and no. What is not here, one
// database keeps for itself and makes of the rest.

import { AUDIT_FIELDS } from '../../access/audit/entry.ts';

/** How a column differs from database to database; `plain` does not. */
export type ColumnKind = 'plain' | 'bytes' | 'flag';

export interface CopyColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface CopyTable {
  readonly name: string;
  readonly columns: readonly CopyColumn[];
  /** The columns that give its rows one order, the same in every database. */
  readonly order: readonly string[];
  /** The rows that count, as SQL; without it every row. */
  readonly where?: string;
}

/** Tables that are copied together, page by page, each page a transaction. */
export interface CopyStep {
  readonly tables: readonly CopyTable[];
  /** `rows`: so many rows of its one table are a page. `borgere`: a page is some citizens, each with all its rows. */
  readonly by: 'rows' | 'borgere';
  /** Rows that are a page, more or less where a citizen has many. */
  readonly size: number;
}

export type CopyValue = string | number | null;

/** The values of a row, in the order of the columns. */
export type CopyRow = readonly CopyValue[];

/** Where a page ended; the next one begins behind it. */
export type CopyKey = readonly (string | number)[];

/** The rows of each table of a step. */
export interface CopyPage {
  readonly rows: readonly (readonly CopyRow[])[];
  readonly last: CopyKey;
}

function table(
  name: string,
  order: readonly string[],
  columns: readonly string[],
  kinds: Readonly<Record<string, ColumnKind>> = {},
  where?: string,
): CopyTable {
  const all = [...columns, ...Object.keys(kinds)].map((column) => ({
    name: column,
    kind: kinds[column] ?? 'plain',
  }));
  return { name, columns: all, order, ...(where !== undefined && { where }) };
}

const TILSTAND = ['overgangsdato', 'afgoerelsesdato', 'ophoersdato', 'kompensationsafgoerelsesdato'];

const MEDLEMSKAB = table(
  'medlemskab',
  ['personnummer', 'akasse', 'start'],
  ['personnummer', 'akasse', 'start', 'slut', 'afgangsaarsag', 'efterloen'],
  { tilbagekaldt: 'flag' },
);
// PostgreSQL has a row also for an a-kasse that has never called, to lock it.
const QUEUE_POLL = table('queue_poll', ['akasse'], ['akasse', 'last_call'], {}, 'last_call IS NOT NULL');
const SEQUENCE = table(
  'sequence',
  ['sequence_nr'],
  'sequence_nr identifier akasse state koder antal opened last_call fetched ended'.split(' '),
);
const FORLOEB = table(
  'forloeb',
  ['personnummer', 'forloeb_id'],
  ['personnummer', 'forloeb_id', 'nr', 'version', ...TILSTAND],
);
const VERSION = table(
  'forloeb_version',
  ['personnummer', 'forloeb_id', 'version'],
  [
    ...['personnummer', 'forloeb_id', 'version', 'indberettet', 'correlation_id'],
    ...TILSTAND,
    'request_user_metadata',
  ],
);
const BESKED = table(
  'besked',
  ['personnummer', 'forloeb_id', 'version'],
  [
    ...['personnummer', 'besked_nr', 'message_identifier', 'forloeb_id', 'version', 'registration_type'],
    ...['modtager', 'modtager_aarsag', 'event_date', 'delivered', 'delivered_in'],
  ],
);
const SEQUENCE_BESKED = table(
  'sequence_besked',
  ['sequence_nr', 'besked_nr'],
  ['sequence_nr', 'besked_nr', 'personnummer'],
);
const AUDIT_ENTRY = table(
  'audit_entry',
  ['seq'],
  AUDIT_FIELDS.map(({ column }) => column),
  { salt: 'bytes', digest: 'bytes' },
);
const AUDIT_SEAL = table(
  'audit_seal',
  ['nr'],
  ['nr', 'tidspunkt', 'sidste', 'entries', 'forrige', 'indhold', 'hash'],
);

const one = (of: CopyTable, size = 2_000): CopyStep => ({ tables: [of], by: 'rows', size });

/** The steps, in order: what a row refers to is there before it, or comes in the same transaction. */
export const COPY_STEPS: readonly CopyStep[] = [
  one(MEDLEMSKAB),
  one(QUEUE_POLL),
  one(SEQUENCE),
  { tables: [FORLOEB, VERSION, BESKED], by: 'borgere', size: 2_000 },
  one(SEQUENCE_BESKED),
  one(AUDIT_ENTRY),
  one(AUDIT_SEAL, 50),
];

export const COPY_TABLES: readonly CopyTable[] = COPY_STEPS.flatMap(({ tables }) => tables);

/** A forløb as the division into pages sees it: whose it is, and how many versions it has. */
export interface ForloebSize {
  readonly personnummer: string;
  readonly version: number;
}

/** The last citizen of a page that begins with these forløb, which are in the order of their citizens. */
export function lastOfPage(forloeb: readonly ForloebSize[], size: number): string | undefined {
  let versions = 0;
  for (const { personnummer, version } of forloeb) {
    versions += version;
    if (versions >= size) return personnummer;
  }
  return forloeb.at(-1)?.personnummer;
}

/** The first value of a key, before every other. */
export const BEFORE_ALL = '';
