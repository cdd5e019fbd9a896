// The rules that both databases hold to by themselves are the same ones: what one refuses in the name of a rule the other
// refuses too, or it is said here why not.

import { expect } from 'chai';
import { knownMigrations as ofPostgres } from '../../src/store/postgres/migrate.ts';
import { knownMigrations as ofSqlite } from '../../src/store/sqlite/migrate.ts';

/** What a key does by itself on PostgreSQL; on SQLite INSERT OR REPLACE goes past it. */
const BY_A_KEY = 'a key refuses the second row, and no statement replaces the first';
const BY_A_REFERENCE = 'foreign keys with personnummer in them refuse it';
const BY_AUTOINCREMENT = 'SQLite counts the rows of such a table itself, in sqlite_sequence';
const NO_TRUNCATE = 'there is no TRUNCATE on SQLite';
const NO_INTAKE = 'on SQLite an entry has its number from the beginning';
const ONE_TABLE =
  'on SQLite the first version says whose an identifier is, and the rules of versions say the same';
const NO_PROBE = 'on SQLite whether it can be written to is asked without a row of its own';

/** Rules of SQLite that PostgreSQL has no rule of that name for, and what does it there. */
const ONLY_ON_SQLITE: Readonly<Record<string, string>> = {
  forloeb_is_never_replaced: BY_A_KEY,
  forloeb_version_is_never_replaced: BY_A_KEY,
  besked_is_never_replaced: BY_A_KEY,
  sequence_is_never_replaced: BY_A_KEY,
  audit_entry_is_never_replaced: BY_A_KEY,
  besked_must_be_of_its_version: BY_A_REFERENCE,
};

/** Rules of PostgreSQL that SQLite has no rule of that name for, and why it needs none. */
const ONLY_ON_POSTGRES: Readonly<Record<string, string>> = {
  forloeb_is_never_emptied: NO_TRUNCATE,
  forloeb_ejer_is_never_changed: ONE_TABLE,
  forloeb_ejer_is_never_emptied: NO_TRUNCATE,
  forloeb_version_is_never_emptied: NO_TRUNCATE,
  besked_is_never_emptied: NO_TRUNCATE,
  besked_nr_once: 'on SQLite the number is the key of besked',
  medlemskab_register_is_never_emptied: NO_TRUNCATE,
  sequence_is_never_emptied: NO_TRUNCATE,
  sequence_besked_is_never_emptied: NO_TRUNCATE,
  audit_entry_follows_the_last: BY_AUTOINCREMENT,
  audit_entry_is_never_emptied: NO_TRUNCATE,
  audit_counter_only_grows: BY_AUTOINCREMENT,
  audit_counter_is_never_deleted: BY_AUTOINCREMENT,
  audit_counter_is_never_emptied: NO_TRUNCATE,
  audit_intake_becomes_an_entry: NO_INTAKE,
  audit_intake_is_never_changed: NO_INTAKE,
  audit_intake_is_never_emptied: NO_TRUNCATE,
  audit_seal_is_never_emptied: NO_TRUNCATE,
  probe_is_never_deleted: NO_PROBE,
  probe_is_never_emptied: NO_TRUNCATE,
};

interface Rule {
  readonly name: string;
  /** What it is about, as `UPDATE ON besked`; empty for a constraint. */
  readonly about: string;
}

const TRIGGER =
  /CREATE TRIGGER (\w+)\s+(?:BEFORE|AFTER) (INSERT|(?:UPDATE|DELETE|TRUNCATE)(?: OR \w+)*)(?: OF [\w, ]+?)? ON (\w+)/g;
const GONE = /DROP (TRIGGER|TABLE) (\w+)/g;

/** The text of all migrations, without comments. */
const textOf = (migrations: readonly { readonly sql: string }[]): string =>
  migrations.map(({ sql }) => sql.replaceAll(/--.*$/gm, '')).join('\n');

/** The triggers that stand when all of it has run. On SQLite one goes with its table, too. */
function triggersIn(text: string): (Rule & { readonly body: string })[] {
  const standing = new Map<string, Rule & { readonly table: string; readonly body: string }>();
  const steps = [...text.matchAll(TRIGGER), ...text.matchAll(GONE)].sort((a, b) => a.index - b.index);
  for (const step of steps) {
    const [found, name, events, table] = step as unknown as string[];
    if (!found!.startsWith('DROP')) {
      const body = text.slice(step.index).split(/\bEND;/, 1)[0]!;
      standing.set(name!, { name: name!, about: `${events} ON ${table}`, table: table!, body });
      continue;
    }
    for (const [other, rule] of standing)
      if (other === events || rule.table === events) standing.delete(other);
  }
  return [...standing.values()];
}

/** On SQLite a rule may be several triggers; its name is the one they refuse in. */
const RULES_OF_SQLITE = triggersIn(textOf(ofSqlite())).map(({ name, about, body }) => ({
  name: /RAISE\(ABORT, '(\w+)'\)/.exec(body)?.[1] ?? name,
  about,
}));

/** On PostgreSQL a rule is a trigger or a constraint that has been given a name. */
const CONSTRAINTS = [...textOf(ofPostgres()).matchAll(/\bCONSTRAINT (\w+)\s+(?!TRIGGER)/g)].map(
  ([, name]) => ({ name: name!, about: '' }),
);
const RULES_OF_POSTGRES = [...triggersIn(textOf(ofPostgres())), ...CONSTRAINTS];

const namesOf = (rules: readonly Rule[]): string[] => [...new Set(rules.map(({ name }) => name))];
const without = (names: readonly string[], others: readonly string[]): string[] =>
  names.filter((name) => !others.includes(name)).sort();

/** What a rule is about, event by event. */
const aboutIn = (rules: readonly Rule[], name: string): string[] =>
  rules
    .filter((rule) => rule.name === name)
    .flatMap(({ about }) => {
      const [events, table] = about.split(' ON ');
      return events!.split(' OR ').map((event) => `${event} ON ${table}`);
    })
    .sort();

describe('the rules that SQLite and PostgreSQL hold to by themselves', () => {
  const [sqlite, postgres] = [namesOf(RULES_OF_SQLITE), namesOf(RULES_OF_POSTGRES)];

  it('are all found in the migrations', () => {
    for (const [what, migrations, found] of [
      ['sqlite', ofSqlite(), RULES_OF_SQLITE],
      ['postgres', ofPostgres(), RULES_OF_POSTGRES],
    ] as const) {
      const text = textOf(migrations);
      const made = text.match(/\bCREATE (?:CONSTRAINT )?TRIGGER\b|\bCONSTRAINT (?!TRIGGER)/g)!.length;
      const gone = text.match(/\bDROP TRIGGER\b/g)?.length ?? 0;
      expect(found.length, what).to.equal(made - gone);
    }
  });

  it('are the same, but for those that the other does in another way', () => {
    expect(without(sqlite, postgres), 'only on SQLite').to.deep.equal(Object.keys(ONLY_ON_SQLITE).sort());
    expect(without(postgres, sqlite), 'only on PostgreSQL').to.deep.equal(
      Object.keys(ONLY_ON_POSTGRES).sort(),
    );
  });

  it('are about the same, where both have them as triggers', () => {
    const triggers = RULES_OF_POSTGRES.filter(({ about }) => about !== '');
    const both = namesOf(triggers).filter((name) => sqlite.includes(name));
    expect(both).to.have.length.above(15);
    for (const name of both)
      expect(aboutIn(triggers, name), name).to.deep.equal(aboutIn(RULES_OF_SQLITE, name));
  });
});
