// What every store promises, whatever database is below it. Each database runs the whole of it.

import type { StoreUnderTest } from '../support/store-fixtures.ts';
import { auditPromises } from './promises/audit.ts';
import { auditGatheringPromises } from './promises/audit-gathering.ts';
import { auditSealingPromises } from './promises/audit-sealing.ts';
import { beskedPromises } from './promises/besked.ts';
import { concurrencyPromises } from './promises/concurrency.ts';
import { getPromises } from './promises/get.ts';
import { importPromises } from './promises/import.ts';
import { importModelPromises } from './promises/import-model.ts';
import { importReleasePromises } from './promises/import-release.ts';
import { importRoutingPromises } from './promises/import-routing.ts';
import { modelPromises } from './promises/model.ts';
import { overhaletPromises } from './promises/overhalet.ts';
import { refusalPromises } from './promises/refusal.ts';
import { savePromises } from './promises/save.ts';
import { sequenceConcurrencyPromises } from './promises/sequence-concurrency.ts';
import { sequenceModelPromises } from './promises/sequence-model.ts';
import { sequencePromises } from './promises/sequences.ts';

/** Opens an empty store. The suite closes it when a test is done. */
export type OpenStore = () => Promise<StoreUnderTest>;

/** Gives the store of the running test; a new, empty one for each. */
export type CurrentStore = () => StoreUnderTest;

/** Declares the whole suite for one database. */
export function storePromises(name: string, openStore: OpenStore): void {
  describe(`a store on ${name}`, () => {
    let current: StoreUnderTest;
    beforeEach(async () => {
      current = await openStore();
    });
    afterEach(() => current.store.close());

    const store = (): StoreUnderTest => current;
    savePromises(store);
    refusalPromises(store);
    getPromises(store);
    beskedPromises(store);
    auditPromises(store);
    auditGatheringPromises(store);
    auditSealingPromises(store);
    importPromises(store);
    importRoutingPromises(store);
    importReleasePromises(store);
    importModelPromises(store);
    sequencePromises(store);
    overhaletPromises(store);
    sequenceConcurrencyPromises(store);
    sequenceModelPromises(store);
    concurrencyPromises(store);
    modelPromises(store);
  });
}
