// What a benchmark may be told by its environment, which `make` fills from its variables.

const PREFIX = 'PENSION_BENCH_';

/** A positive whole number. Throws where the variable holds something else. */
export function numberOption(name: string, otherwise: number): number {
  return numbersOption(name, [otherwise])[0]!;
}

/** Positive whole numbers with commas between them. Throws where the variable holds something else. */
export function numbersOption(name: string, otherwise: readonly number[]): readonly number[] {
  const text = process.env[PREFIX + name];
  if (!text) return otherwise;
  const numbers = text.split(',').map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 1))
    throw new Error(`${name} must be a whole number above 0, or several with commas between them`);
  return numbers;
}
