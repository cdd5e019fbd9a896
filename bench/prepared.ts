// Stores with so many citizens, each a member of an a-kasse and with one forløb, for both peers. They are made once and
// kept in var/bench/, and each measurement gets a copy.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { operatorEntry } from '../src/cli/operator.ts';
import type { Dato } from '../src/domain/dato.ts';
import { readIndberetning } from '../src/domain/indberetning.ts';
import type { AkasseKode } from '../src/domain/medlemskab.ts';
import type { Personnummer } from '../src/domain/personnummer.ts';
import { systemPorts } from '../src/domain/ports.ts';
import { openStore } from '../src/store/open-store.ts';
import type { MedlemskabLinje, SaveCommand, Store } from '../src/store/store.ts';
import { citizen, METADATA } from './load/messages.ts';
import { say } from './table.ts';
import { KEPT } from './workplace.ts';

const AKASSE = '13' as AkasseKode;
const OVERGANG = {
  TidligPensionOvergangsdato: '2020-02-01',
  TidligPensionAfgoerelsesdato: '2020-01-20',
  TidligPensionOphoersdato: '2020-11-30',
};
/** Saves that are asked for at a time. */
const AT_ONCE = 256;

/** A store of the service with that many citizens, copied to `to`. */
export async function copyPreparedStore(citizens: number, to: string): Promise<void> {
  const file = path.join(KEPT, `service-${citizens}.db`);
  if (!existsSync(file)) await make(file, async (making) => fill(`sqlite:${making}`, citizens));
  copyOnDisk(file, to);
}

/** A database of the tutorial's server with that many citizens, copied to `to`. */
export async function copyPreparedTutorial(citizens: number, to: string): Promise<void> {
  const file = path.join(KEPT, `tutorial-${citizens}.db`);
  if (!existsSync(file)) await make(file, async (making) => fillTutorial(making, citizens));
  copyOnDisk(file, to);
}

/** A copy that is on disk when this returns: what is left to write would slow down the first flushes measured. */
function copyOnDisk(file: string, to: string): void {
  copyFileSync(file, to, constants.COPYFILE_FICLONE);
  const fd = openSync(to, 'r+');
  fsyncSync(fd);
  closeSync(fd);
}

async function make(file: string, fillIt: (making: string) => Promise<void>): Promise<void> {
  say(`making ${path.basename(file)} once ...`);
  mkdirSync(KEPT, { recursive: true });
  const making = `${file}.making`;
  for (const name of [making, `${making}-wal`, `${making}-shm`]) rmSync(name, { force: true });
  await fillIt(making);
  renameSync(making, file);
}

/** Fills any store, new ones and those on PostgreSQL, with citizens from 0 on. */
export async function fill(address: string, citizens: number, durability?: 'test'): Promise<void> {
  const store = await openStore(address, systemPorts, durability ? { durability } : {});
  await importMembers(store, citizens);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < citizens) {
      const saved = await store.save(saveOf(citizen(next++)));
      if (!saved.ok) throw new Error(saved.fejl.message);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await store.close();
}

function* members(citizens: number): Generator<MedlemskabLinje> {
  for (let linje = 0; linje < citizens; linje += 1) {
    const personnummer = citizen(linje) as Personnummer;
    yield { linje, personnummer, akasse: AKASSE, start: '2010-01-01' as Dato, tilbagekaldt: false };
  }
}

async function importMembers(store: Store, citizens: number): Promise<void> {
  const entry = operatorEntry('ImportMedlemskaber');
  const idag = '2026-11-20' as Dato;
  const done = await store.medlemskaber.import({
    linjer: members(citizens),
    hele: false,
    idag,
    afloesere: {},
    entry,
  });
  if (!done.ok) throw new Error('the memberships were refused');
}

function saveOf(personnummer: string): SaveCommand {
  const indberetning = readIndberetning({ Personnummer: personnummer, OvergangTilTidligPension: OVERGANG });
  if (!indberetning.ok) throw new Error(indberetning.fejl.message);
  return {
    kald: {
      modtaget: systemPorts.now(),
      idag: '2026-11-20' as Dato,
      correlationId: systemPorts.newId(),
      operation: 'SaveTidligPension',
      system: 'udk',
      requestUserMetadata: METADATA,
    },
    indberetning: indberetning.value,
    nytId: systemPorts.newForloebId(),
    messageIdentifier: systemPorts.newId(),
    afloesere: {},
  };
}

async function fillTutorial(file: string, citizens: number): Promise<void> {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.exec(`CREATE TABLE tidlig_pension (id TEXT PRIMARY KEY, personnummer TEXT NOT NULL, overgangsdato TEXT,
             afgoerelsesdato TEXT, ophoersdato TEXT, kompensationsafgoerelsesdato TEXT);
           CREATE INDEX by_personnummer ON tidlig_pension (personnummer)`);
  const insert = db.prepare('INSERT INTO tidlig_pension VALUES (?, ?, ?, ?, ?, NULL)');
  db.transaction(() => {
    for (let number = 0; number < citizens; number += 1)
      insert.run(
        randomUUID(),
        citizen(number),
        OVERGANG.TidligPensionOvergangsdato,
        OVERGANG.TidligPensionAfgoerelsesdato,
        OVERGANG.TidligPensionOphoersdato,
      );
  })();
  db.close();
}
