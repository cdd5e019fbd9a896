// Which lines of a batch must wait for each other: those of one citizen, and those that name one forløb, are sent in
// the order of the file. Everything else may go side by side.

import type { BatchLine } from './batch.ts';

/** The lines in groups; within a group order counts, between groups it does not. Groups come by first line. */
export function independentGroups(lines: readonly BatchLine[]): BatchLine[][] {
  const groupOf = new Map<string, BatchLine[]>();
  for (const line of lines) {
    const keys = keysOf(line);
    const [group = [], ...others] = new Set(
      keys.flatMap((key) => (groupOf.has(key) ? [groupOf.get(key)!] : [])),
    );
    for (const other of others) {
      for (const member of other) {
        group.push(member);
        for (const key of keysOf(member)) groupOf.set(key, group);
      }
    }
    group.push(line);
    for (const key of keys) groupOf.set(key, group);
  }
  const groups = [...new Set(groupOf.values())];
  for (const group of groups) group.sort((a, b) => a.line - b.line);
  return groups.sort((a, b) => a[0]!.line - b[0]!.line);
}

const keysOf = ({ request }: BatchLine): string[] => [
  `borger ${request.Personnummer}`,
  ...(request.TidligPensionIdentifier === undefined ? [] : [`forloeb ${request.TidligPensionIdentifier}`]),
];
