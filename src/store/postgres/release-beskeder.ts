// Gives beskeder that wait their recipient, where the register now has one for them. All of it runs inside the
// transaction of the import that changed the register.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import { erOverhalet, findFrigivelse, type Modtager } from '../../domain/besked-modtager.ts';
import type { Afloesere } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { VentendeBesked } from '../kept/besked.ts';
import type { MedlemskabImport } from '../store.ts';
import type { Statements } from './statements.ts';

/** Citizens that are looked at together. */
const PAGE = 500;

/**
 * Releases what can be released, of every citizen, in the file or not: a membership may also have ended by itself.
 * Each besked leaves an entry like that of the import. Gives how many there were.
 */
export async function releaseBeskeder(
  statements: Statements,
  { idag, afloesere, entry }: Pick<MedlemskabImport, 'idag' | 'afloesere' | 'entry'>,
  now: Date,
): Promise<number> {
  // Nobody fetches meanwhile: what is released must not come behind a later besked of its forløb.
  await statements.sequence.lockAll();
  let frigivne = 0;
  for (let borgere = await statements.besked.borgereThatWait('', PAGE); borgere.length > 0; ) {
    for (const [personnummer, medlemskaber] of await statements.medlemskab.ofBorgere(borgere)) {
      const modtager = findFrigivelse(medlemskaber, idag, afloesere);
      if (modtager === undefined) continue;
      await statements.forloeb.lock(personnummer);
      for (const besked of await statements.besked.waitingOf(personnummer)) {
        if (await releaseOne(statements, { ...besked, personnummer }, modtager, afloesere, entry, now))
          frigivne += 1;
      }
    }
    borgere = await statements.besked.borgereThatWait(borgere.at(-1)!, PAGE);
  }
  return frigivne;
}

/** Releases a besked, unless a later version of its forløb has gone to that a-kasse before it. Gives whether it did. */
async function releaseOne(
  statements: Statements,
  {
    beskedNr,
    forloebId,
    version,
    personnummer,
    aarsag,
  }: VentendeBesked & { readonly personnummer: Personnummer },
  modtager: Required<Modtager>,
  afloesere: Afloesere,
  entry: NewAuditEntry,
  now: Date,
): Promise<boolean> {
  const about = { ...entry, personnummer, forloebId, version };
  const senere = await statements.besked.senere({ personnummer, forloebId, version, beskedNr });
  if (erOverhalet(modtager.akasse, senere, afloesere)) {
    if (aarsag !== 'overhalet') {
      await statements.besked.overtake(personnummer, beskedNr);
      await statements.audit.add({ ...about, operation: 'OverhalBesked', modtagerAarsag: 'overhalet' });
    }
    return false;
  }
  await statements.besked.release(personnummer, beskedNr, modtager, now);
  await statements.audit.add({
    ...about,
    operation: 'FrigivBesked',
    modtager: modtager.akasse,
    modtagerAarsag: modtager.aarsag,
  });
  return true;
}
