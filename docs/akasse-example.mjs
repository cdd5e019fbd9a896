// Empties the queue of an a-kasse into a database of its own. Start from this one: replace the database by yours.
//
//   node akasse-example.mjs https://127.0.0.1:8443 22 var/akasse-22.pem var/akasse-22.key var/ca.pem akasse.db

import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { explainPollFailure, makeAkasseClient, pollBeskeder } from 'pension-service/akasse';

const [url, code, cert, key, ca, file] = process.argv.slice(2);
const pem = (path) => path && readFileSync(path, 'utf8');

const database = new DatabaseSync(file);
database.exec(`
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS seen (message TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS forloeb (id TEXT PRIMARY KEY, personnummer TEXT, state TEXT) WITHOUT ROWID;`);
const isNew = database.prepare('INSERT OR IGNORE INTO seen VALUES (?)');
const upsert = database.prepare('INSERT OR REPLACE INTO forloeb VALUES (?, ?, ?)');

// Has to resolve only when the beskeder are durable: what it resolves for leaves the queue and never comes again.
async function keep(beskeder) {
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const besked of beskeder) {
      // The same besked may come again, so whether it was seen stands in the same transaction as what it did.
      if (isNew.run(besked.messageIdentifier).changes === 0) continue;
      const { overgangTilTidligPension: overgang, kompensationsudbetaling: kompensation } = besked;
      upsert.run(
        besked.tidligPensionIdentifier,
        besked.personnummer,
        JSON.stringify(overgang || kompensation ? { overgang, kompensation } : 'annulled'),
      );
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error; // the sequence is closed, and the beskeder stay in the queue
  }
}

const client = await makeAkasseClient({
  url,
  cert: pem(cert),
  key: pem(key),
  ca: pem(ca),
  organisation: { type: 2, code },
  program: 'example',
});
const { ending, fetched } = await pollBeskeder({ client, keep });
client.disconnect();
database.close();

console.log(`${fetched} beskeder came`);
if (ending.kind === 'failed') {
  console.error(explainPollFailure(ending.failure));
  process.exitCode = 1;
}
