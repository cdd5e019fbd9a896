// `pension store copy FROM TO`: moves a whole store to another database.

import type { Command } from 'commander';
import { ADDRESS_RULE, isStoreAddress, shownAddress } from '../../store/open-store.ts';
import { contentsJson, contentsText } from '../backup/contents.ts';
import { checkText } from '../backup/verified.ts';
import { say, UsageError } from '../outcome.ts';
import { readSome } from '../some-settings.ts';
import { copy, type StoreCopied } from '../store-copy/copy.ts';

/** Adds the command. */
export function addStore(program: Command): void {
  program
    .command('store')
    .description('move the store')
    .command('copy')
    .description(
      'copy a whole store to another database, SQLite or PostgreSQL, and verify it; safe to run again',
    )
    .argument('<from>', 'address of a store, as in PENSION_STORE')
    .argument(
      '<to>',
      'address of a place where there is none yet, or of the unfinished copy of the same store',
    )
    .option('--json', 'print what was copied as JSON')
    .addHelpText(
      'after',
      `
Stop the services of FROM first: a copy of a store that goes on is refused. Every row is compared and every invariant
verified before TO is a store; until then nobody can open it. Interrupted by whatever, the same command goes on where
it was; once it has succeeded it does nothing. It leaves an audit entry in FROM, and one in TO behind the last of FROM.

Others on the machine can read a command line: leave passwords out of it, and put them into a file that PGPASSFILE names
(HOST:PORT:DATABASE:USER:PASSWORD on a line, mode 0600). PENSION_STORE_DURABILITY counts for both addresses.

Example:
  pension store copy sqlite:var/pension.db postgres://pension@db.example/pension`,
    )
    .action(storeCopy);
}

async function storeCopy(
  from: string,
  to: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  for (const [name, address] of [
    ['FROM', from],
    ['TO', to],
  ] as const)
    if (!isStoreAddress(address)) throw new UsageError(`${name} ${ADDRESS_RULE}.`);
  const copied = await copy({
    from,
    to,
    durability: readSome(process.env, 'PENSION_STORE_DURABILITY').PENSION_STORE_DURABILITY,
    onCheck: (check) => {
      if (!check.ok) say(checkText(check).trimEnd());
    },
  });
  process.stdout.write(json ? `${JSON.stringify(asJson(from, to, copied))}\n` : asText(from, to, copied));
}

const asJson = (from: string, to: string, { found, poster, segl, rows, contents }: StoreCopied) => ({
  from: shownAddress(from),
  to: shownAddress(to),
  found,
  rows: Object.fromEntries(rows),
  ...contentsJson(contents),
  entries: poster,
  lastSeal: segl,
});

function asText(
  from: string,
  to: string,
  { found, rows, poster, segl, contents, checks }: StoreCopied,
): string {
  const [source, copy] = [shownAddress(from), shownAddress(to)];
  if (contents === undefined)
    return `${copy} is a finished copy of ${source} already, up to audit entry ${poster}, seal ${segl}\n`;
  const all = [...rows.values()].reduce((sum, some) => sum + some, 0);
  const how = found === 'unfinished' ? 'an unfinished copy was gone on with; ' : '';
  return `${copy} is a copy of ${source}\n${contentsText(contents)}verified    ${how}${all} rows compared, ${checks.length} checks OK\n`;
}
