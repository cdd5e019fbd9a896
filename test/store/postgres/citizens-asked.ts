// Reads SQL for which citizens it asks about: the tables of a citizen that a statement names without saying whose rows it
// wants. It reads the house's own SQL, in which a table is `forloeb`, `forloeb AS f` or joined `USING (personnummer, …)`.

/** What is about one citizen, and so has personnummer first in its key. */
export const OF_A_CITIZEN = ['borger', 'forloeb', 'forloeb_version', 'besked', 'medlemskab'];

const REFERENCE = new RegExp(
  `(?:\\b(FROM|JOIN|UPDATE|INSERT INTO|USING)\\s+|(?<=\\bFROM\\s[\\w\\s,]*),\\s*(?=(?:${OF_A_CITIZEN.join('|')})\\b))` +
    '(\\w+)\\b(?:\\s+AS\\s+(\\w+))?(?:\\s*(\\([^()]*\\)))?(?:\\s+USING\\s*\\(([^()]*)\\))?',
  'g',
);

interface Reference {
  readonly table: string;
  /** What its columns are called by; the table itself where it has no other name. */
  readonly alias: string;
  readonly isWritten: boolean;
  /** Columns that rows are written with. */
  readonly columns: string | undefined;
  /** Columns by which it is joined to what stands before it. */
  readonly using: string | undefined;
}

const referencesIn = (sql: string): Reference[] =>
  [...sql.matchAll(REFERENCE)].map(([, word, table, alias, columns, using]) => ({
    table: table!,
    alias: alias ?? table!,
    isWritten: word === 'INSERT INTO',
    columns,
    using,
  }));

/**
 * The tables of a citizen in a statement of which it does not say whose rows it asks for: with `personnummer` equal to what
 * `given` is a pattern of, or to that of another table of which it does say so.
 */
export function askedOfAll(sql: string, given: string): string[] {
  const references = referencesIn(sql);
  // An OR could let every row in beside those of the citizen.
  const isPlain = !/\bOR\b/.test(sql);
  const asked = references.filter(({ table, isWritten }) => OF_A_CITIZEN.includes(table) && !isWritten);
  const names = asked.map(({ alias }) => alias);
  const count = (pattern: string): number => sql.match(new RegExp(pattern, 'g'))?.length ?? 0;
  // Without another name several tables could mean each other's column: each needs a condition of its own.
  const bare = asked.filter(({ alias, table, using }) => alias === table && using === undefined).length;
  const saysBare = count(`(?<![.\\w])personnummer = ${given}`) >= bare;
  const known = new Set(
    references
      .filter(({ table, alias, using }) => {
        if (!OF_A_CITIZEN.includes(table)) return true;
        return alias === table
          ? using === undefined && saysBare
          : count(`\\b${alias}\\.personnummer = ${given}`) > 0;
      })
      .map(({ alias }) => alias),
  );
  for (let before = -1; before < known.size; ) {
    before = known.size;
    for (const [at, { alias, using }] of references.entries()) {
      const others = [...known].filter((other) => other !== alias);
      const isEqual = others.some(
        (other) =>
          count(`\\b${alias}\\.personnummer = ${other}\\.personnummer\\b`) +
            count(`\\b${other}\\.personnummer = ${alias}\\.personnummer\\b`) >
          0,
      );
      const left = references[at - 1]?.alias;
      const isJoined =
        using !== undefined && /\bpersonnummer\b/.test(using) && left !== undefined && known.has(left);
      if (isEqual || isJoined) known.add(alias);
    }
  }
  return names.filter((name) => !isPlain || !known.has(name));
}

/** The tables of a citizen that a statement writes rows to without saying whose they are; `given` says it. */
export function writtenOfNobody(sql: string, given: string): string[] {
  return referencesIn(sql)
    .filter(({ table, isWritten }) => isWritten && [...OF_A_CITIZEN, 'forloeb_ejer'].includes(table))
    .filter(({ table, columns }) => {
      const values = new RegExp(`INSERT INTO ${table}\\b[^;]*?VALUES \\(([\\s\\S]*)`).exec(sql)?.[1] ?? '';
      // Where a row is put whole, its first column is the citizen.
      const at =
        columns
          ?.slice(1, -1)
          .split(',')
          .map((name) => name.trim())
          .indexOf('personnummer') ?? 0;
      return at < 0 || !new RegExp(`^${given}\\b`).test(topLevel(values)[at] ?? '');
    })
    .map(({ table }) => table);
}

/** What stands between the commas, up to the bracket that ends it. */
function topLevel(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === ')' && depth === 0) break;
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim());
}
