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
export function releaseBeskeder(
  statements: Statements,
  { idag, afloesere, entry }: Pick<MedlemskabImport, 'idag' | 'afloesere' | 'entry'>,
  now: Date,
): number {
  let frigivne = 0;
  for (let borgere = statements.besked.borgereThatWait('', PAGE); borgere.length > 0; ) {
    for (const personnummer of borgere) {
      const modtager = findFrigivelse(statements.medlemskab.ofBorger(personnummer), idag, afloesere);
      if (modtager === undefined) continue;
      for (const besked of statements.besked.waitingOf(personnummer)) {
        if (releaseOne(statements, { ...besked, personnummer }, modtager, afloesere, entry, now))
          frigivne += 1;
      }
    }
    borgere = statements.besked.borgereThatWait(borgere.at(-1)!, PAGE);
  }
  return frigivne;
}

/** Releases a besked, unless a later version of its forløb has gone to that a-kasse before it. Gives whether it did. */
function releaseOne(
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
): boolean {
  const about = { ...entry, personnummer, forloebId, version };
  const senere = statements.besked.senere({ forloebId, version, beskedNr });
  if (erOverhalet(modtager.akasse, senere, afloesere)) {
    if (aarsag !== 'overhalet') {
      statements.besked.overtake(beskedNr);
      statements.audit.add({ ...about, operation: 'OverhalBesked', modtagerAarsag: 'overhalet' });
    }
    return false;
  }
  statements.besked.release(beskedNr, modtager, now);
  statements.audit.add({
    ...about,
    operation: 'FrigivBesked',
    modtager: modtager.akasse,
    modtagerAarsag: modtager.aarsag,
  });
  return true;
}
