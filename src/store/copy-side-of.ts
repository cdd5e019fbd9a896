// How the database that an address names takes part in a copy, and which of the two it is in what is said.

import { type StoreDatabase, shownAddress } from './address.ts';
import type { CopySide } from './copy/sides.ts';
import { openPostgresCopyReader } from './postgres/copy-reader.ts';
import {
  beginPostgresCopy,
  goOnWithPostgresCopy,
  lookForCopy as lookInPostgres,
} from './postgres/copy-target.ts';
import { openPostgresStore } from './postgres/index.ts';
import { openPostgresRows } from './postgres/verify-rows.ts';
import { openSqliteCopyReader } from './sqlite/copy-reader.ts';
import { beginSqliteCopy, goOnWithSqliteCopy, lookForCopy as lookInSqlite } from './sqlite/copy-target.ts';
import { openSqliteStore } from './sqlite/index.ts';
import { openSqliteRows } from './sqlite/verify-rows.ts';
import { StoreError, type StorePorts } from './store.ts';

/** The side of a copy that is called `name`. With `isTest` a database that does not flush every commit will do. */
export function copySideOf(
  database: StoreDatabase,
  name: 'FROM' | 'TO',
  ports: StorePorts,
  isTest: boolean,
): CopySide {
  const side =
    database.kind === 'sqlite' ? sqliteSide(database.path, ports) : postgresSide(database.url, ports, isTest);
  const shown = database.kind === 'sqlite' ? database.path : shownAddress(database.url);
  const told = <A extends unknown[], T>(work: (...given: A) => Promise<T>) => {
    return async (...given: A): Promise<T> => {
      try {
        return await work(...given);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        throw new StoreError(`${name} ${shown}: ${error.message.replace(/^PENSION_STORE:? /, '')}`);
      }
    };
  };
  return {
    kind: side.kind,
    open: told(side.open),
    read: told(side.read),
    rows: told(side.rows),
    look: told(side.look),
    begin: told(side.begin),
    goOn: told(side.goOn),
  };
}

const sqliteSide = (path: string, ports: StorePorts): CopySide => ({
  kind: 'sqlite',
  open: async () => openSqliteStore(path, ports, { mustExist: true }),
  read: async ({ unfinished = false } = {}) => openSqliteCopyReader(path, unfinished),
  rows: async () => openSqliteRows(path, true),
  look: async () => lookInSqlite(path),
  begin: async (origin) => beginSqliteCopy(path, origin, ports),
  goOn: async () => goOnWithSqliteCopy(path, ports),
});

const postgresSide = (url: string, ports: StorePorts, isTest: boolean): CopySide => ({
  kind: 'postgres',
  open: () => openPostgresStore(url, ports, { mustExist: true, connections: 1, isTest }),
  read: ({ unfinished = false } = {}) => openPostgresCopyReader(url, unfinished),
  rows: () => openPostgresRows(url, true, true),
  look: () => lookInPostgres(url),
  begin: (origin) => beginPostgresCopy(url, isTest, origin, ports),
  goOn: () => goOnWithPostgresCopy(url, isTest, ports),
});
