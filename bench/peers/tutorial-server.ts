// The baseline: the SOAP server that the tutorials of node-soap and better-sqlite3 lead to. It serves our WSDL, keeps
// each Save with the same durability, and does nothing else: no validation, no access check, no audit trail.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import soap from 'soap';

const [file, cert, key, ca] = process.argv.slice(2);
const db = new Database(file!);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
const insert = db.prepare(
  `INSERT INTO tidlig_pension (id, personnummer, overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato)
   VALUES (?, ?, ?, ?, ?, ?)`,
);
const select = db.prepare('SELECT * FROM tidlig_pension WHERE personnummer = ?');

interface Save {
  readonly Personnummer: string;
  readonly OvergangTilTidligPension?: {
    readonly TidligPensionOvergangsdato: Date | string;
    readonly TidligPensionAfgoerelsesdato: Date | string;
    readonly TidligPensionOphoersdato?: Date | string;
  };
  readonly Kompensationsudbetaling?: { readonly Kompensationsafgoerelsesdato: Date };
}
interface Row {
  readonly id: string;
  readonly overgangsdato: string;
  readonly afgoerelsesdato: string;
  readonly ophoersdato: string;
}

/** node-soap makes a Date of a date where it knows the type, and leaves a text otherwise. */
const day = (date: Date | string | undefined): string | null =>
  (date instanceof Date ? date.toISOString() : date)?.slice(0, 10) ?? null;

const operations = {
  SaveTidligPension({
    Personnummer,
    OvergangTilTidligPension: overgang,
    Kompensationsudbetaling: other,
  }: Save) {
    const id = randomUUID();
    insert.run(
      id,
      Personnummer,
      day(overgang?.TidligPensionOvergangsdato),
      day(overgang?.TidligPensionAfgoerelsesdato),
      day(overgang?.TidligPensionOphoersdato),
      day(other?.Kompensationsafgoerelsesdato),
    );
    return { CreatedItemIdentifier: id };
  },
  GetTidligPension: ({ Personnummer }: { readonly Personnummer: string }) => ({
    TidligPension: (select.all(Personnummer) as Row[]).map((row) => ({
      TidligPensionIdentifier: row.id,
      OvergangTilTidligPension: {
        TidligPensionOvergangsdato: row.overgangsdato,
        TidligPensionAfgoerelsesdato: row.afgoerelsesdato,
        TidligPensionOphoersdato: row.ophoersdato,
      },
    })),
  }),
};

/** The same as the service's own. */
const PATH = '/PjaktassWCFTservice/1/PensionService.svc';
const wsdl = fileURLToPath(new URL('../../wsdl/PensionService.wsdl', import.meta.url));
const text = (name: string): string => readFileSync(name, 'utf8');
const server = cert
  ? https.createServer({ cert: text(cert), key: text(key!), ca: text(ca!), requestCert: true })
  : http.createServer();
server.listen(0, '127.0.0.1', () => {
  soap.listen(server, {
    path: PATH,
    services: { PensionService: { PensionService: operations } },
    xml: text(wsdl),
    uri: wsdl,
    callback: () => process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`),
  });
});
process.on('SIGTERM', () => process.exit());
