// The steps of a schema, as every database keeps them: numbered SQL files in a folder.

import { readdirSync, readFileSync } from 'node:fs';

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** One numbered step of the schema. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** The steps in a folder, in order; its address ends in a slash. */
export const migrationsIn = (folder: URL): Migration[] =>
  readdirSync(folder)
    .filter((file) => FILE_NAME.test(file))
    .sort()
    .map((file) => ({
      number: Number(FILE_NAME.exec(file)![1]),
      name: file.replace(/\.sql$/, ''),
      sql: readFileSync(new URL(file, folder), 'utf8'),
    }));
