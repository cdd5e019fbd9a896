// Gives beskeder that wait their recipient, where the register now has one for them. All of it runs inside the
// transaction of the import that changed the register.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import { findFrigivelse } from '../../domain/besked-modtager.ts';
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
      for (const { beskedNr, forloebId, version } of statements.besked.waitingOf(personnummer)) {
        statements.besked.release(beskedNr, modtager, now);
        statements.audit.add({
          ...entry,
          operation: 'FrigivBesked',
          personnummer,
          forloebId,
          version,
          modtager: modtager.akasse,
          modtagerAarsag: modtager.aarsag,
        } satisfies NewAuditEntry);
        frigivne += 1;
      }
    }
    borgere = statements.besked.borgereThatWait(borgere.at(-1)!, PAGE);
  }
  return frigivne;
}
