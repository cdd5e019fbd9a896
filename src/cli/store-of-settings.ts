// Opens the store that the settings name, in the way they say.

import { systemPorts } from '../domain/ports.ts';
import { inspectStore, openServedStore, openStore } from '../store/open-store.ts';
import type { ServedStore, Store, StoreCondition } from '../store/store.ts';
import type { StoreSettings } from './some-settings.ts';

/** Opens it; with `mustExist` none is made. Rejects with StoreError, with the remedy. */
export const openStoreOf = (settings: StoreSettings, { mustExist = false } = {}): Promise<Store> =>
  openStore(settings.store, systemPorts, { mustExist, ...optionsOf(settings) });

/** Opens it for a service. Rejects with StoreError, with the remedy. */
export const openServedStoreOf = (settings: StoreSettings): Promise<ServedStore> =>
  openServedStore(settings.store, systemPorts, optionsOf(settings));

const optionsOf = ({ storeConnections: connections, storeDurability: durability }: StoreSettings) => ({
  connections,
  durability,
});

/** Looks at it from outside. */
export const inspectStoreOf = ({
  store,
  storeDurability: durability,
}: Pick<StoreSettings, 'store' | 'storeDurability'>): Promise<StoreCondition> =>
  inspectStore(store, { durability });
