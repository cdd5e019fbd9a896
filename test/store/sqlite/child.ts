// A process of its own that uses stores: at the given moments it opens one file after the other, saves, closes, and
// says what came of it. `node child.ts SAVES FILE...`; the moments and the answer are messages from and to the parent.

import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, saveCommand } from '../../support/store-fixtures.ts';
import { openSqliteUnderTest } from './under-test.ts';

const [saves, files] = [Number(process.argv[2]), process.argv.slice(3)];
// The same citizen in every process, so that they meet on the same rows.
const Personnummer = nyBorger();

async function work(file: string): Promise<string> {
  try {
    const { store } = await openSqliteUnderTest(file);
    for (let i = 0; i < saves; i += 1) {
      const saved = await store.save(saveCommand({ Personnummer, ...kompensation('2026-01-01') }));
      if (!saved.ok) return `refused with ${saved.fejl.kode}`;
    }
    await store.close();
    return 'done';
  } catch (error) {
    return String(error);
  }
}

async function workAt(moments: readonly number[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const [i, file] of files.entries()) {
    while (Date.now() < moments[i]!); // busy on purpose: a timer would wake the processes apart
    outcomes.push(await work(file));
  }
  return outcomes;
}

process.once('message', (moments: number[]) => {
  void workAt(moments).then((outcomes) => process.send!(outcomes, () => process.disconnect()));
});
process.send!('ready');
