// Rows as a database gives them.

/** A row without what is not there. */
export function withoutNulls<T extends object>(row: { [K in keyof T]: T[K] | null }): T {
  // One look at each column, and no list of them: a Save and a Get do this.
  const kept: Partial<T> = {};
  for (const column in row) if (row[column] !== null) kept[column] = row[column];
  return kept as T;
}

/** Throws when rows were not written: a trigger that somebody has added can swallow them without an error. */
export function demandWritten(changes: number, table: string, rows = 1): void {
  if (changes !== rows)
    throw new Error(`the database did not keep a row of ${table}; nothing is done without it`);
}
