// The membership register of a fixture: loads its file into a store, by the readers that the command uses.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readRegister } from '../../src/cli/medlemskaber/register.ts';
import { loadOrganisationer } from '../../src/cli/setting-files.ts';
import { datoI } from '../../src/domain/dato.ts';
import { openStore } from '../../src/store/open-store.ts';
import { importMedlemskaber, portsAt } from './store-fixtures.ts';

/** Loads the file into the store at the address, as the a-kasser of the world stand today. */
export async function loadRegister(address: string, world: string, file: URL): Promise<void> {
  const now = new Date();
  const organisationer = loadOrganisationer(path.join(world, 'organisationer.json'));
  const akasser = new Set<string>(organisationer.akasser.map(({ code }) => code));
  const idag = datoI(now);
  const store = await openStore(address, portsAt(now));
  try {
    const result = await importMedlemskaber(store, {
      linjer: readRegister([readFileSync(file)], akasser),
      idag,
      afloesere: organisationer.afloesere(idag),
    });
    if (!result.ok) throw new Error(`${file.pathname}: ${result.fejl[0]!.grund}`);
  } finally {
    await store.close();
  }
}
