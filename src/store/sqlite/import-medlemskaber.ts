// An import of the membership register. Lines are read beside the store, what they change is decided by reading only,
// and the write lock is held just for applying it: services on the same store go on meanwhile.

import type { Changes } from '../kept/import-changes.ts';
import type { MedlemskabImport, MedlemskabImportResult, MedlemskabRegister, StorePorts } from '../store.ts';
import type { Connection } from './connection.ts';
import { applyChanges, findChanges, generationOf } from './import-changes.ts';
import { refusedLines, stageLines } from './import-lines.ts';
import { releaseBeskeder } from './release-beskeder.ts';
import type { Statements } from './statements.ts';
import type { Transactions } from './transactions.ts';

/**
 * Makes the import of a connection. Imports of the same connection are run one after the other; the refused lines of
 * one can be read until the next one begins.
 */
export function makeImport(
  db: Connection,
  statements: Statements,
  transactions: Transactions,
  ports: Pick<StorePorts, 'now'>,
): MedlemskabRegister['import'] {
  let last: Promise<unknown> = Promise.resolve();

  const run = async (register: MedlemskabImport): Promise<MedlemskabImportResult> => {
    db.pragma('temp_store = FILE'); // a register may be larger than memory
    stageLines(db, register.linjer);
    for (;;) {
      const changes = findChanges(db, register.hele);
      if (changes.afviste > 0) return { ok: false, antal: changes.afviste, fejl: refusedLines(db) };
      const done = await transactions.run(() =>
        // Another import may have come in between; then what changes must be found again.
        generationOf(db) === changes.generation ? apply(register, changes) : undefined,
      );
      if (done !== undefined) return done;
    }
  };

  const apply = (register: MedlemskabImport, changes: Changes): MedlemskabImportResult => {
    applyChanges(db, changes);
    const { nye, aendrede, uaendrede, tilbagekaldte } = changes;
    const frigivne = releaseBeskeder(statements, register, ports.now());
    const counts = { nye, aendrede, uaendrede, tilbagekaldte, frigivne };
    statements.audit.add({
      ...register.entry,
      detaljer: JSON.stringify({ hele: register.hele, ...counts }),
    });
    return { ok: true, ...counts };
  };

  return (register) => {
    const next = last.then(() => run(register));
    last = next.catch(() => undefined);
    return next;
  };
}
