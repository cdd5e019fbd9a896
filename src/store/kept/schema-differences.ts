// How the schema of a database differs from the one that the migrations make.

/** A schema: what there is in it by kind and name, each with its definition. */
export type Schema = ReadonlyMap<string, string>;

/** What is missing in the schema that was found, is otherwise than it should be, or should not be there. */
export function* schemaDifferences(found: Schema, made: Schema): Generator<string> {
  for (const [name, definition] of made) {
    if (!found.has(name)) yield `${name} is missing`;
    else if (found.get(name) !== definition) yield `${name} has been changed`;
  }
  for (const name of found.keys()) if (!made.has(name)) yield `${name} is not of this program`;
}
