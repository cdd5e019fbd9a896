// What the schema keeps open: everything about a citizen can be spread over machines by personnummer, and Save and Get
// ask nothing that would have to go to all of them.

import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import type pg from 'pg';
import { knownMigrations } from '../../../src/store/postgres/migrate.ts';
import { connect, emptyStore } from './direct.ts';

const FOLDER = new URL('../../../src/store/postgres/', import.meta.url);

/** What is about one citizen, and so has personnummer first in its key. */
const OF_A_CITIZEN = ['borger', 'forloeb', 'forloeb_version', 'besked', 'medlemskab'];
/** What has personnummer in a row and is about something else: a directory by identifier, the queue of an a-kasse, the trail. */
const OTHERWISE = ['forloeb_ejer', 'sequence_besked', 'audit_intake', 'audit_entry'];
/** What has nothing of a citizen. */
const OF_NOBODY = [
  ...['audit_counter', 'audit_seal', 'audit_gathering', 'migration', 'medlemskab_register', 'probe'],
  ...['queue_poll', 'sequence'],
];
/** What a Save or a Get may ask without naming a citizen: who has an identifier, by that identifier. */
const BY_IDENTIFIER = /\bforloeb_ejer\b[^;]*\bforloeb_id\b/;

describe('the store on PostgreSQL can be spread by personnummer', () => {
  let client: pg.Client;
  before(async () => {
    client = await connect(await emptyStore());
  });
  after(() => client.end());

  it('every table of a citizen has it first in its key, and the others are those that are named', async () => {
    const { rows } = await client.query<{ name: string; key: string[]; has: boolean }>(
      `SELECT c.relname AS name,
              (SELECT array_agg(a.attname::text ORDER BY k.nr) FROM pg_constraint AS p, unnest(p.conkey) WITH ORDINALITY AS k (attnum, nr)
                 JOIN pg_attribute AS a ON a.attnum = k.attnum WHERE p.conrelid = c.oid AND p.contype = 'p' AND a.attrelid = c.oid) AS key,
              EXISTS (SELECT 1 FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'personnummer') AS has
         FROM pg_class AS c WHERE c.relnamespace = 'pension'::regnamespace AND c.relkind = 'r'`,
    );
    const first = rows.filter(({ key }) => key[0] === 'personnummer').map(({ name }) => name);
    expect(first).to.have.members(OF_A_CITIZEN);
    expect(rows.filter(({ has }) => has).map(({ name }) => name)).to.have.members([
      ...OF_A_CITIZEN,
      ...OTHERWISE,
    ]);
    expect(rows.map(({ name }) => name)).to.have.members([...OF_A_CITIZEN, ...OTHERWISE, ...OF_NOBODY]);
  });

  it('no rule between citizens is needed to keep one of them right', async () => {
    const { rows } = await client.query<{ rule: string; columns: string[] }>(
      `SELECT conrelid::regclass || '.' || conname AS rule,
              (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)) AS columns
         FROM pg_constraint WHERE connamespace = 'pension'::regnamespace AND contype IN ('f', 'u', 'x', 'p')
          AND conrelid::regclass::text = ANY ($1)`,
      [OF_A_CITIZEN],
    );
    const across = rows.filter(({ columns }) => !columns.includes('personnummer')).map(({ rule }) => rule);
    // The numbers and identifiers of the beskeder, and the sequence that a besked left with.
    expect(across).to.have.members([
      'besked.besked_nr_once',
      'besked.besked_message_identifier_key',
      'besked.besked_delivered_in_fkey',
    ]);
  });

  it('every statement of Save and Get names the citizen, but for the directory of identifiers', async () => {
    const sql = knownMigrations()
      .map((migration) => migration.sql.replaceAll(/--.*$/gm, ''))
      .join('\n');
    const bodies = new Map(
      [...sql.matchAll(/CREATE FUNCTION (\w+)\([\s\S]*?AS \$\$([\s\S]*?)\$\$/g)].map((found) => [
        found[1]!,
        found[2]!,
      ]),
    );
    // All that the two calls run: the functions, and the functions in those.
    const run = new Set(['save_tidlig_pension', 'get_tidlig_pension']);
    for (const name of run)
      for (const other of bodies.keys()) if (bodies.get(name)!.includes(`${other}(`)) run.add(other);
    expect([...run]).to.include.members([
      'lock_borger',
      'find_modtager',
      'maa_laese',
      'forloeb_af',
      'take_entry',
    ]);
    const tables = new RegExp(
      `\\b(FROM|JOIN|INSERT INTO|UPDATE)\\s+(${[...OF_A_CITIZEN, ...OTHERWISE, ...OF_NOBODY].join('|')})\\b`,
    );
    let asked = 0;
    for (const name of run)
      for (const statement of bodies.get(name)!.split(';')) {
        if (!tables.test(statement) || /INSERT INTO audit_intake/.test(statement)) continue;
        asked += 1;
        if (BY_IDENTIFIER.test(statement)) continue;
        // Where a row is put whole, its first column is the citizen.
        const isWhole =
          /INSERT INTO (forloeb VALUES \(p_personnummer,|forloeb_version VALUES \(ny\.\*\))/.test(statement);
        expect(isWhole || /\bpersonnummer\b/.test(statement), `${name}: ${statement.trim()}`).to.equal(true);
      }
    expect(asked).to.be.greaterThan(10);
  });

  it('a Save and a Get are one statement of the program each', () => {
    const files = readdirSync(FOLDER).filter((file) => ['save.ts', 'get.ts'].includes(file));
    expect(files).to.have.length(2);
    for (const file of files) {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      expect(text.match(/statement\(/g), file).to.have.length(1);
      expect(text.match(/transactions\.(call|run|probe)/g), file).to.deep.equal(['transactions.call']);
    }
  });
});
