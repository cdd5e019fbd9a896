// Holds what a store has kept of some citizens against what was sent: the calls must be explained by some order in which
// they came one after the other, and the audit trail says by which.

import type { Row, Seen } from './look.ts';
import { Register, type Sagt, type Tilstand, tilstandAfter, tilstandOf } from './model.ts';

const stateOf = (row: Row): Tilstand => tilstandOf(row.overgangsdato, row.ophoersdato, row.komp);

/** What stands, by the identifier of each forløb. */
export const standing = ({ forloeb }: Seen): ReadonlyMap<string, Tilstand> =>
  new Map(forloeb.map((row) => [row.guid, stateOf(row)]));

/**
 * What is wrong with what was kept, when these messages were sent; empty when nothing is. Each entry must be what the
 * rules say in the order of the trail, and forløb, versions and beskeder exactly what those entries have made.
 */
export function contradictions(kept: Seen, sent: ReadonlyMap<string, Sagt>): string[] {
  const wrong: string[] = [];
  const register = new Register();
  for (const entry of kept.entries) {
    const sagt = sent.get(entry.mark);
    if (sagt === undefined) {
      wrong.push(`there is an entry of ${entry.mark}, which was not sent`);
      continue;
    }
    const due = register.judge(sagt, entry.guid ?? '');
    const came = entry.fejlkode === null ? { guid: entry.guid } : { kode: entry.fejlkode };
    if (JSON.stringify(due) !== JSON.stringify(came))
      wrong.push(`${entry.mark}: due is ${JSON.stringify(due)}, the entry says ${JSON.stringify(came)}`);
  }
  // A personnummer is never printed.
  const borgere = [...new Set([...sent.values()].map(({ borger }) => borger))];
  const nr = (borger: string): string => `borger ${borgere.indexOf(borger)}`;
  const due = register.forloeb.flatMap(({ guid, borger, versions }) =>
    versions.map((sagt, at) =>
      [guid, at + 1, nr(borger), sagt.mark, tilstandAfter(sagt), at === 0 ? 'Create' : 'Update'].join(' '),
    ),
  );
  const are = kept.versions.map((row) =>
    [row.guid, row.version, nr(row.borger), row.mark, stateOf(row), row.registrationType].join(' '),
  );
  wrong.push(...different('version', due, are));
  const dueForloeb = register.forloeb.map(({ guid, versions }) =>
    [guid, versions.length, tilstandAfter(versions.at(-1)!)].join(' '),
  );
  const areForloeb = kept.forloeb.map((row) => [row.guid, row.version, stateOf(row)].join(' '));
  wrong.push(...different('forløb', dueForloeb, areForloeb));
  const identifiers = new Set(kept.versions.map(({ messageIdentifier }) => messageIdentifier));
  if (identifiers.size !== kept.versions.length || kept.beskeder !== kept.versions.length)
    wrong.push(
      `${kept.versions.length} versions, ${kept.beskeder} beskeder, ${identifiers.size} identifiers`,
    );
  const accepted = kept.entries
    .filter(({ fejlkode }) => fejlkode === null)
    .map(({ mark }) => ({ mark, borger: sent.get(mark)?.borger ?? '' }));
  if (inOrder(accepted, kept.hasOneOrder) !== inOrder(kept.versions, kept.hasOneOrder))
    wrong.push('the beskeder are not in the order of the trail');
  return wrong;
}

/** The marks as they came; where only those of one citizen have an order, citizen by citizen. */
const inOrder = (all: readonly { readonly mark: string; readonly borger: string }[], hasOneOrder: boolean) =>
  (hasOneOrder ? all : [...Map.groupBy(all, ({ borger }) => borger).entries()].sort().flatMap(([, of]) => of))
    .map(({ mark }) => mark)
    .join();

function different(what: string, due: readonly string[], are: readonly string[]): string[] {
  const [isDue, isThere] = [new Set(due), new Set(are)];
  return [
    ...due.filter((one) => !isThere.has(one)).map((one) => `the ${what} ${one} is missing`),
    ...are.filter((one) => !isDue.has(one)).map((one) => `the ${what} ${one} is too much`),
    ...(are.length === isThere.size ? [] : [`a ${what} is there twice`]),
  ];
}
