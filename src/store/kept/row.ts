// Rows as a database gives them.

/** A row without what is not there. */
export const withoutNulls = <T extends object>(row: { [K in keyof T]: T[K] | null }): T =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;

/** Throws when rows were not written: a trigger that somebody has added can swallow them without an error. */
export function demandWritten(changes: number, table: string, rows = 1): void {
  if (changes !== rows)
    throw new Error(`the database did not keep a row of ${table}; nothing is done without it`);
}
