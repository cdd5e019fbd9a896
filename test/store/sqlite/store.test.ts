// Every promise of a store, kept on SQLite with a real file.

import { storePromises } from '../store-promises.ts';
import { openSqliteUnderTest } from './under-test.ts';

storePromises('SQLite', () => openSqliteUnderTest());
