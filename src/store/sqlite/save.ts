// One Save as a transaction: what is known of the citizen, the decision, and then version, besked and audit entry
// together, or the audit entry of the refusal alone.

import type { Resultat } from '../../contract/fejlkatalog.ts';
import { findModtager } from '../../domain/besked-modtager.ts';
import type { ForloebVersion } from '../../domain/forloeb.ts';
import { decideSave } from '../../domain/save.ts';
import { indholdDetaljer } from '../indhold.ts';
import type { SaveCommand } from '../store.ts';
import type { Statements } from './statements.ts';

/** Judges and keeps an indberetning. Runs inside a write transaction, which holds the lock since before `now`. */
export function save(statements: Statements, command: SaveCommand, now: Date): Resultat<ForloebVersion> {
  const { indberetning, nytId } = command;
  const { personnummer } = indberetning;
  const kald = { ...command.kald, personnummer };
  const ejer = indberetning.forloebId && statements.forloeb.ejer(indberetning.forloebId);
  const decision = decideSave(indberetning, {
    borgersForloeb: statements.forloeb.ofBorger(personnummer),
    nytId,
    ...(ejer && { ejer }),
  });
  if (!decision.ok) {
    statements.audit.addCall(kald, { fejlkode: decision.fejl.kode });
    return decision;
  }
  const version = decision.value;
  const modtager = findModtager(
    statements.medlemskab.ofBorger(personnummer),
    command.kald.idag,
    command.afloesere,
  );
  const says = statements.forloeb.keep(version, command);
  statements.besked.queue(version, modtager, command.messageIdentifier, now);
  statements.audit.addCall(kald, { version, modtager, detaljer: indholdDetaljer(says) });
  return decision;
}
