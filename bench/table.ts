// What a benchmark prints: its progress on stderr, Markdown on stdout.

/** A line of progress. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A line of the result. */
export const print = (text = ''): void => void process.stdout.write(`${text}\n`);

/** A number with so many digits after the point. */
export const digits = (number: number, count = 0): string => number.toFixed(count);

/** Prints a Markdown table. Columns whose name begins with `<` stand to the left, all others to the right. */
export function printTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  print(line(columns.map((name) => name.replace(/^</, ''))));
  print(`|${columns.map((name) => (name.startsWith('<') ? '---' : '--:')).join('|')}|`);
  for (const row of rows) print(line(row));
  print();
}

/** Prints what was measured when, and on which machine. */
export function printHeading(command: string, machine: string, method: string): void {
  print(`\`${command}\` on ${new Date().toISOString().slice(0, 10)}, ${machine}; ${method}.`);
  print();
}

/** A count and its word. */
export const counted = (count: number, word: string, plural = `${word}s`): string =>
  `${count} ${count === 1 ? word : plural}`;
