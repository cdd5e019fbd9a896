// Every promise of a store, kept on PostgreSQL with a real server.

import { storePromises } from '../store-promises.ts';
import { openPostgresUnderTest } from './under-test.ts';

storePromises('PostgreSQL', () => openPostgresUnderTest());
