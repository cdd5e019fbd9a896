// A process of its own that saves, is refused and seals on one store, `node audit-child.ts FILE CALLS`, and says what
// its calls were answered. It begins when its parent says so.

import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { IDAG, kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';

const [file, calls] = [process.argv[2]!, Number(process.argv[3])];

async function work(): Promise<string[]> {
  // A minute after the calls: what is gathered becomes entries at the next seal, whoever makes it.
  const store = openSqliteStore(file, portsAt(new Date(NU.getTime() + 60_000)));
  const answers: string[] = [];
  for (let i = 0; i < calls; i += 1) {
    const [saved] = await Promise.all([
      store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') })),
      store.recordRefusal({
        kald: { modtaget: NU, idag: IDAG, correlationId: `${process.pid}-${i}`, adresse: '192.0.2.1' },
        fejlkode: 1101,
      }),
      store.audit.seal(),
    ]);
    answers.push(saved.ok ? 'saved' : `refused with ${saved.fejl.kode}`);
  }
  await store.close();
  return answers;
}

process.once('message', () => {
  void work()
    .catch((error: unknown) => [String(error)])
    .then((answers) => process.send!(answers, () => process.disconnect()));
});
process.send!('ready');
