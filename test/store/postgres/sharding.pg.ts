// What the schema keeps open: everything about a citizen can be spread over machines by personnummer, and Save and Get
// ask nothing that would have to go to all of them.

import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import type pg from 'pg';
import { knownMigrations } from '../../../src/store/postgres/migrate.ts';
import { askedOfAll, OF_A_CITIZEN, writtenOfNobody } from './citizens-asked.ts';
import { connect, emptyStore } from './direct.ts';

const FOLDER = new URL('../../../src/store/postgres/', import.meta.url);

/** What has personnummer in a row and is about something else: a directory by identifier, the queue of an a-kasse, the trail. */
const OTHERWISE = ['forloeb_ejer', 'sequence_besked', 'audit_intake', 'audit_entry'];
/** What has nothing of a citizen. */
const OF_NOBODY = [
  ...['audit_counter', 'audit_seal', 'audit_gathering', 'migration', 'medlemskab_register', 'probe'],
  ...['queue_poll', 'sequence'],
];

/** Functions of which the first argument is the citizen. */
const ABOUT_A_CITIZEN = ['lock_borger', 'find_modtager', 'maa_laese', 'forloeb_af', 'gaeldende_medlemskaber'];
const CALLED = new RegExp(`\\b(?:${ABOUT_A_CITIZEN.join('|')})\\((?!p_personnummer\\b)`, 'g');
const OF_ANY = new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE) (?:${OF_A_CITIZEN.join('|')}|forloeb_ejer)\\b`);
/** A citizen, or some, that the program gives. */
const GIVEN = '(?:\\$\\d+|ANY \\(\\$\\d+\\))';

const QUEUE = 'the queue of an a-kasse goes through its citizens, or what a sequence holds does';
const OPERATOR = 'an operator or a timer asks, and may wait';
/** Statements that ask of all citizens, and why they may. */
const OF_ALL_CITIZENS: Readonly<Record<string, string>> = {
  'besked.ts TO_DELIVER': QUEUE,
  'sequence.ts HOLD': QUEUE,
  'outbox-watch.ts LENGTHS': QUEUE,
  'besked.ts BORGERE_THAT_WAIT': 'an import looks at everyone who waits, in pages',
  'outbox-care.ts WITHOUT': OPERATOR,
  'outbox-care.ts OF_MESSAGE': OPERATOR,
  'outbox-care.ts OF_FORLOEB': OPERATOR,
  'requeue.ts FREE_BELOW':
    'the numbers of the beskeder are one sequence for all; only a sweep that finds a gap asks',
  'sweep.ts VERSIONS': OPERATOR,
  'sweep.ts MISSING': OPERATOR,
};

/** What a statement of Save or Get asks without saying whose it is; an identifier may be asked about by itself. */
function wrongIn(statement: string): string[] {
  const isRow = /INSERT INTO forloeb_version VALUES \(ny\.\*\)/.test(statement);
  const owners = [...statement.matchAll(/\bFROM forloeb_ejer\b(?: AS (\w+))?/g)];
  return [
    ...askedOfAll(statement, 'p_personnummer\\b'),
    ...(isRow ? [] : writtenOfNobody(statement, 'p_personnummer\\b')),
    ...owners
      .map(([, alias = 'forloeb_ejer']) => alias)
      .filter((alias) => !new RegExp(`\\b${alias}\\.forloeb_id = `).test(statement)),
    ...(statement.match(CALLED) ?? []),
  ];
}

/** The functions of the database by name, without comments. */
const bodies = new Map(
  [
    ...knownMigrations()
      .map(({ sql }) => sql.replaceAll(/--.*$/gm, ''))
      .join('\n')
      .matchAll(/CREATE FUNCTION (\w+)\([\s\S]*?AS \$\$([\s\S]*?)\$\$/g),
  ].map((found) => [found[1]!, found[2]!]),
);

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

  it('every statement of Save and Get names the citizen, but for the directory of identifiers', () => {
    // All that the two calls run: the functions, and the functions in those.
    const run = new Set(['save_tidlig_pension', 'get_tidlig_pension']);
    for (const name of run)
      for (const other of bodies.keys()) if (bodies.get(name)!.includes(`${other}(`)) run.add(other);
    expect([...run]).to.include.members([...ABOUT_A_CITIZEN, 'take_entry']);
    let asked = 0;
    for (const name of run)
      for (const statement of bodies.get(name)!.split(';')) {
        const wrong = wrongIn(statement);
        expect(wrong, `${name}: ${statement.trim()}`).to.deep.equal([]);
        if (OF_ANY.test(statement)) asked += 1;
      }
    expect(asked).to.be.above(10);
    // A version is put as a row that has been made before.
    expect(bodies.get('save_tidlig_pension')).to.match(/\bny := ROW\(p_personnummer,/);
  });

  it('no rule that is looked at with each row asks for others than its citizen', () => {
    const rules = [...bodies].filter(([, body]) => /\bNEW\.personnummer\b/.test(body));
    expect(rules.map(([name]) => name)).to.include.members(['check_version', 'check_held']);
    for (const [name, body] of rules)
      for (const statement of body.split(';'))
        expect(askedOfAll(statement, 'NEW\\.personnummer\\b'), name).to.deep.equal([]);
  });

  it('a statement that asks of all citizens is seen', () => {
    const bound = 'SELECT 1 FROM besked AS b WHERE b.personnummer = p_personnummer';
    expect(wrongIn(bound)).to.deep.equal([]);
    for (const statement of [
      'SELECT 1 FROM besked AS b WHERE b.personnummer IS NOT NULL',
      'SELECT 1 FROM besked WHERE besked.personnummer <> p_personnummer',
      `${bound} OR b.version = 1`,
      `${bound} AND EXISTS (SELECT 1 FROM forloeb AS f WHERE f.forloeb_id = b.forloeb_id)`,
      'SELECT personnummer FROM forloeb_version AS b JOIN besked USING (forloeb_id, version) WHERE b.personnummer = p_personnummer',
      'SELECT 1 FROM forloeb_ejer AS e, besked AS b WHERE e.forloeb_id = id',
      'SELECT 1 FROM forloeb_ejer AS e WHERE e.personnummer = p_personnummer',
      'INSERT INTO borger (personnummer) VALUES (id)',
      'PERFORM find_modtager(id, p_idag, p_afloesere)',
    ])
      expect(wrongIn(statement), statement).not.to.deep.equal([]);
  });

  it('every other statement names its citizens, but for those of queues and of operators', () => {
    const askedElsewhere: string[] = [];
    let named = 0;
    for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))) {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      const statements = [...text.matchAll(/\bconst (\w+) = statement\(\s*([`'])([\s\S]*?)\2,?\s*\)/g)];
      const made = text.match(/(?<!const )\bstatement\(/g)?.length ?? 0;
      expect(statements.length, `${file}: statements that are read here`).to.equal(made);
      for (const [, name, , sql] of statements) {
        const wrong = [...askedOfAll(sql!, GIVEN), ...writtenOfNobody(sql!, '\\$\\d+')];
        if (wrong.length > 0) askedElsewhere.push(`${file} ${name}`);
        else if (OF_ANY.test(sql!)) named += 1;
      }
    }
    expect(askedElsewhere).to.have.members(Object.keys(OF_ALL_CITIZENS));
    expect(named).to.be.above(7);
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
