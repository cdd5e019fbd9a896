// An import of the membership register, on a connection of its own. Lines are read beside the store, what they change is
// decided by reading only, and citizens are locked just for applying it: services on the same store go on meanwhile.

import type pg from 'pg';
import type { Changes } from '../kept/import-changes.ts';
import {
  type MedlemskabImport,
  type MedlemskabImportResult,
  StoreBusyError,
  type StorePorts,
} from '../store.ts';
import { type Session, sessionOf } from './connection.ts';
import { explainFailure, Failed } from './health.ts';
import { applyChanges, findChanges } from './import-changes.ts';
import { refusedLines, stageLines } from './import-lines.ts';
import { releaseBeskeder } from './release-beskeder.ts';
import { statementsOf } from './statements.ts';

interface Importer {
  import(register: MedlemskabImport): Promise<MedlemskabImportResult>;
  close(): Promise<void>;
}

/**
 * Makes the import of a store; `open` gives its connection. Imports are run one after the other; the refused lines of one
 * can be read until the next one begins, or until it is closed.
 */
export function makeImport(open: () => Promise<pg.Client>, ports: StorePorts): Importer {
  let client: pg.Client | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const letGo = async (): Promise<void> => {
    await client?.end().catch(() => undefined);
    client = undefined;
  };
  const run = async (register: MedlemskabImport): Promise<MedlemskabImportResult> => {
    await letGo();
    client = await open();
    const session = sessionOf(client);
    await stageLines(session, register.linjer);
    for (;;) {
      const changes = await findChanges(session, register.hele);
      if (changes.afviste > 0) return { ok: false, antal: changes.afviste, fejl: refusedLines(session) };
      const done = await apply(session, register, changes);
      if (done !== undefined) return done;
    }
  };
  const apply = async (
    session: Session,
    register: MedlemskabImport,
    changes: Changes,
  ): Promise<MedlemskabImportResult | undefined> => {
    const statements = statementsOf(session, ports);
    await session.run('BEGIN');
    try {
      // Another import may have come in between; then what changes must be found again.
      if ((await statements.lockMany()) !== changes.generation) {
        await session.run('ROLLBACK');
        return undefined;
      }
      await applyChanges(session, changes);
      const { nye, aendrede, uaendrede, tilbagekaldte } = changes;
      const frigivne = await releaseBeskeder(statements, register, ports.now());
      const counts = { nye, aendrede, uaendrede, tilbagekaldte, frigivne };
      await statements.audit.add({
        ...register.entry,
        detaljer: JSON.stringify({ hele: register.hele, ...counts }),
      });
      await session.run('COMMIT').catch((error: unknown) => {
        throw new Failed(error, 'maybe after');
      });
      return { ok: true, ...counts };
    } catch (error) {
      await session.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  };

  return {
    import(register) {
      const next = last.then(() => run(register)).catch((error: unknown) => Promise.reject(explained(error)));
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      await last;
      await letGo();
    },
  };
}

const explained = (thrown: unknown): unknown => {
  const { error } = explainFailure(thrown);
  return error instanceof StoreBusyError
    ? new StoreBusyError(
        'another import, or a service, has held what the import needs for too long; run it again',
      )
    : error;
};
