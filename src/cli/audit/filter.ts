// Which entries a command is asked for: options in the words of users, as a filter of the store.

import { type Command, Option } from 'commander';
import { AUDIT_EVENTS, type NewAuditEntry } from '../../access/audit/entry.ts';
import { maskPersonnumre } from '../../contract/mask.ts';
import { maskeret } from '../../domain/personnummer.ts';
import type { AuditFilter } from '../../store/store.ts';
import { UsageError } from '../outcome.ts';
import { readPersonnummerArgument } from '../personnummer-argument.ts';
import { instantOf } from './instant.ts';

/** The options as they came. */
export interface FilterOptions {
  readonly personnummer?: string;
  readonly organisation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly operation?: string;
  readonly code?: string;
  readonly correlationId?: string;
}

/** A filter, and what it says without a personnummer. */
export interface DescribedFilter {
  readonly filter: AuditFilter;
  readonly described: Readonly<Record<string, string | number>>;
}

/** Adds the options to a command. */
export function addFilterOptions(command: Command): Command {
  return command
    .option(
      '--personnummer <number>',
      'entries about one citizen; - reads the number from standard input, so that it stands in no process list',
    )
    .option('--organisation <code>', 'calls made for one organisation: its code, or TYPE:CODE as in 2:67')
    .option('--from <time>', 'from that day or instant: 2026-11-22, 2026-11-22T08:00 (Danish time), …T08:00Z')
    .option('--to <time>', 'until that day or instant, a day included')
    .addOption(
      new Option('--operation <name>', 'one operation or command').choices(
        Object.keys(AUDIT_EVENTS).filter((event) => event !== '(none)'),
      ),
    )
    .option('--code <number>', 'refusals with one error code')
    .option('--correlation-id <id>', 'one call: the Source of its fault');
}

/** Reads the options. Throws UsageError naming the one that is wrong. */
export async function readFilter(options: FilterOptions): Promise<DescribedFilter> {
  refuseEmpty(options);
  const { organisation, operation, code, correlationId } = options;
  const personnummer = options.personnummer && (await readPersonnummerArgument(options.personnummer));
  if (code !== undefined && !/^[0-9]{1,4}$/.test(code))
    throw new UsageError('--code must be a number, for instance 4575.');
  const from = options.from && instantOf('--from', options.from, 'start');
  const to = options.to && instantOf('--to', options.to, 'end');
  if (from && to && from >= to) throw new UsageError('--from must be before --to.');
  const equals: AuditFilter['equals'] = {
    ...(operation && { operation }),
    ...(code && { fejlkode: Number(code) }),
    ...(correlationId && { correlationId: correlationId.toLowerCase() }),
  };
  return {
    filter: {
      ...(personnummer && { personnummer }),
      ...(organisation && { organisation: readOrganisation(organisation) }),
      ...(from && { from }),
      ...(to && { to }),
      equals,
    },
    described: {
      ...(personnummer && { personnummer: maskeret(personnummer) }),
      ...(organisation && { organisation: maskPersonnumre(organisation) }),
      ...(options.from && { from: options.from }),
      ...(options.to && { to: options.to }),
      ...(operation && { operation }),
      ...(code && { fejlkode: Number(code) }),
      ...(correlationId && { correlationId: maskPersonnumre(correlationId) }),
    },
  };
}

/** An empty value, as of a variable that is not set, must not let everything through. */
function refuseEmpty(options: FilterOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== '') continue;
    const option = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${option} is empty.`);
  }
}

function readOrganisation(text: string): { type?: number; code: string } {
  const match = /^(?:([0-9]{1,3}):)?(.{1,20})$/.exec(text);
  if (match === null)
    throw new UsageError('--organisation must be a code or TYPE:CODE, for instance 67 or 2:67.');
  const [, type, code] = match;
  return { ...(type && { type: Number(type) }), code: code! };
}

/** Whether an entry that has no place in the trail yet is asked for. */
export const letsThrough = (
  { personnummer, organisation, from, to, equals = {} }: AuditFilter,
  entry: NewAuditEntry,
): boolean =>
  (personnummer === undefined || entry.personnummer === personnummer) &&
  (organisation === undefined || entry.activeOrganisationCode === organisation.code) &&
  (organisation?.type === undefined || entry.activeOrganisationType === organisation.type) &&
  (from === undefined || entry.tidspunkt >= from) &&
  (to === undefined || entry.tidspunkt < to) &&
  Object.entries(equals).every(([name, value]) => entry[name as keyof NewAuditEntry] === value);
