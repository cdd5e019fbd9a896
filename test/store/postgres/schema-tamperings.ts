// Every kind of tampering with the schema that a verification of a store on PostgreSQL must name, and what is said.

/** What is done to the schema, and all that is said of it. */
type SchemaTampering = readonly [sql: string, ...says: string[]];

const SCHEMA_TAMPERINGS: readonly SchemaTampering[] = [
  ['DROP TRIGGER besked_is_never_deleted ON besked', 'trigger besked_is_never_deleted is missing'],
  [
    'ALTER TABLE besked DISABLE TRIGGER besked_is_never_deleted',
    'trigger besked_is_never_deleted has been changed',
  ],
  [
    'DROP TRIGGER besked_is_never_deleted ON besked; CREATE TRIGGER besked_is_never_deleted AFTER DELETE ON besked EXECUTE FUNCTION refuse()',
    'trigger besked_is_never_deleted has been changed',
  ],
  [
    'CREATE TRIGGER quiet BEFORE INSERT ON besked FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    'trigger quiet is not of this program',
  ],
  [
    'CREATE RULE quiet AS ON INSERT TO besked DO INSTEAD NOTHING',
    'rule of besked quiet is not of this program',
  ],
  [
    'CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    'function refuse() has been changed',
  ],
  ["ALTER FUNCTION refuse() SET work_mem = '1MB'", 'function refuse() has been changed'],
  [
    'CREATE FUNCTION refuse(integer) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$',
    'function refuse(integer) is not of this program',
  ],
  ['DROP INDEX besked_to_deliver', 'index besked_to_deliver is missing'],
  ['CREATE INDEX another ON besked (modtager)', 'index another is not of this program'],
  [
    'ALTER TABLE forloeb DROP CONSTRAINT forloeb_must_not_overlap',
    'constraint forloeb.forloeb_must_not_overlap is missing',
    'index forloeb_must_not_overlap is missing',
  ],
  ['ALTER TABLE forloeb DROP CONSTRAINT forloeb_check1', 'constraint forloeb.forloeb_check1 is missing'],
  ['ALTER TABLE besked ALTER modtager_aarsag DROP NOT NULL', 'table besked has been changed'],
  ['ALTER TABLE besked ALTER besked_nr SET DEFAULT 1', 'table besked has been changed'],
  ['ALTER TABLE besked ADD extra text', 'table besked has been changed'],
  ['ALTER TABLE audit_entry ALTER system TYPE varchar(99)', 'table audit_entry has been changed'],
  ['ALTER TABLE besked ENABLE ROW LEVEL SECURITY', 'table besked has been changed'],
  [
    'ALTER TABLE medlemskab SET UNLOGGED',
    'table medlemskab has been changed',
    'index medlemskab_pkey has been changed',
  ],
  ['CREATE TABLE extra (x integer)', 'table extra is not of this program'],
  [
    'CREATE OR REPLACE VIEW besked_handed_out AS SELECT 1::bigint AS besked_nr',
    'view besked_handed_out has been changed',
  ],
  [
    'ALTER DOMAIN personnummer DROP CONSTRAINT personnummer_check; SELECT 1',
    'constraint personnummer_check is missing',
  ],
  ['ALTER SEQUENCE besked_nr CACHE 100', 'sequence besked_nr has been changed'],
  ['ALTER SEQUENCE audit_intake_nr INCREMENT BY -1 MINVALUE -5', 'sequence audit_intake_nr has been changed'],
  ["UPDATE migration SET name = '0005-other' WHERE number = 5", 'migration 5 has been changed'],
];

/** All that is done to the schema, in as few goes as possible: in one no two things are done to the same. */
export function schemaTamperings(): readonly SchemaTampering[][] {
  const thingsOf = ([, ...says]: SchemaTampering): string[] =>
    says.map((each) => each.replace(/ (is|has been) .*$/, ''));
  const goes: SchemaTampering[][] = [];
  for (const tampering of SCHEMA_TAMPERINGS) {
    const things = thingsOf(tampering);
    const go = goes.find((done) => !done.flatMap(thingsOf).some((thing) => things.includes(thing)));
    if (go === undefined) goes.push([tampering]);
    else go.push(tampering);
  }
  return goes;
}
