// Makes stores whose register has members of the a-kasser, for services that are started on them.

import type { Personnummer } from '../../src/domain/personnummer.ts';
import { openStore } from '../../src/store/open-store.ts';
import { importMedlemskaber, medlemskabLinje, portsAt } from './store-fixtures.ts';

/** A citizen and the a-kasse of that citizen. */
export interface Member {
  readonly akasse: string;
  readonly personnummer: Personnummer;
}

/** So many members of an a-kasse, from number 0 on. */
export const membersOf = (
  akasse: string,
  count: number,
  numbered: (akasse: string, nr: number) => Personnummer,
): Member[] => Array.from({ length: count }, (_, nr) => ({ akasse, personnummer: numbered(akasse, nr) }));

/** Makes the store of that address; each has been a member since 2010. */
export async function makeMemberStore(address: string, members: readonly Member[]): Promise<void> {
  const store = await openStore(address, portsAt(new Date()));
  const linjer = members.map(({ akasse, personnummer }, at) =>
    medlemskabLinje(at + 2, personnummer, akasse, '2010-01-01'),
  );
  const done = await importMedlemskaber(store, { linjer });
  await store.close();
  if (!done.ok) throw new Error(`the members were not imported: ${JSON.stringify(done.fejl)}`);
}
