// A thread that ends at the first thing it is asked, once for each store; the next one is a thread like any other.

import { existsSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const hasEnded = `${workerData}.ended`;
if (existsSync(hasEnded)) await import('../../../src/store/sqlite/thread.ts');
else {
  parentPort!.on('message', () => {
    writeFileSync(hasEnded, '');
    process.exit();
  });
  parentPort!.postMessage({ opened: true });
}
