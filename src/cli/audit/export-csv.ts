// An exported trail as CSV: the lines of the JSON form as records, told apart by their first column.

import { AUDIT_FIELDS } from '../../access/audit/entry.ts';
import { csvLine } from '../csv.ts';
import { ENTRY_KEYS, type ExportLine, readExportLine } from './export-line.ts';

const SEAL_COLUMNS = ['nr', 'forrige', 'indhold', 'hash', 'entries'] as const;

/** The columns. `line` is `export`, `entry`, `seal` or `end`; what the first and the last say is JSON in `detaljer`. */
export const EXPORT_COLUMNS: readonly string[] = ['line', ...ENTRY_KEYS, ...SEAL_COLUMNS];

const NUMBERS = new Set<string>([
  ...AUDIT_FIELDS.filter(({ type }) => type === 'number').map(({ name }) => name),
  'nr',
]);

/** A line as CSV, with its line end. */
export const toCsvLine = (line: ExportLine): string => csvLine(fieldsOf(line));

function fieldsOf(line: ExportLine): string[] {
  const [kind, values] = toRecord(line);
  return EXPORT_COLUMNS.map((column) => (column === 'line' ? kind : String(values[column] ?? '')));
}

function toRecord(line: ExportLine): [string, Readonly<Record<string, unknown>>] {
  if ('entry' in line) return ['entry', line.entry];
  if ('export' in line) return ['export', { detaljer: JSON.stringify(line.export) }];
  if ('end' in line) return ['end', { detaljer: JSON.stringify(line.end) }];
  const { entries, ...seal } = line.seal;
  return ['seal', { ...seal, entries: entries?.map(({ seq, digest }) => `${seq} ${digest}`).join(';') }];
}

/** What a record says; undefined when it is no line of an export, or not written as one. */
export function readCsvRecord(record: Readonly<Record<string, string>>): ExportLine | undefined {
  const line = readExportLine(ofCsvRecord(record));
  const fields = line && fieldsOf(line);
  return fields && EXPORT_COLUMNS.every((column, at) => record[column] === fields[at]) ? line : undefined;
}

/** In the shape of the JSON form; it may still be nonsense. */
function ofCsvRecord({ line, ...columns }: Readonly<Record<string, string>>): unknown {
  if (line === 'export' || line === 'end') return { [line]: parseJson(columns.detaljer ?? '') };
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(columns)) {
    if (text !== '') values[name] = NUMBERS.has(name) && /^-?[0-9]+$/.test(text) ? Number(text) : text;
  }
  if (line === 'seal' && columns.entries) {
    values.entries = columns.entries.split(';').map((pair) => {
      const [seq, digest] = pair.split(' ');
      return { seq: Number(seq), digest };
    });
  }
  return { [line ?? '']: values };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
