// Holds the database itself against what it should be: every row against its constraints and references, and the schema
// against one made anew by the migrations, beside it, in a transaction that is not kept.

import { schemaDifferences } from '../kept/schema-differences.ts';
import { MARKER } from '../kept/unfinished.ts';
import { SCHEMA, type Session } from './connection.ts';
import { knownMigrations } from './migrate.ts';

interface Constraint {
  readonly name: string;
  readonly tbl: string;
  readonly kind: 'f' | 'c';
  readonly condition: string | null;
  readonly referred: string | null;
  readonly columns: string[];
  readonly referredColumns: string[];
}

/** What PostgreSQL finds in rows and indexes: what was written past it, or has been damaged since. */
export async function* damageIn(session: Session): AsyncGenerator<string> {
  const constraints = await session.all<Constraint>(
    `SELECT c.conname AS name, c.conrelid::regclass::text AS tbl, c.contype AS kind,
            CASE c.contype WHEN 'c' THEN pg_get_expr(c.conbin, c.conrelid) END AS condition,
            CASE c.contype WHEN 'f' THEN c.confrelid::regclass::text END AS referred,
            (SELECT array_agg(a.attname::text ORDER BY k.nr) FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, nr)
               JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns,
            (SELECT array_agg(a.attname::text ORDER BY k.nr) FROM unnest(c.confkey) WITH ORDINALITY AS k (attnum, nr)
               JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) AS "referredColumns"
       FROM pg_constraint AS c
      WHERE c.connamespace = '${SCHEMA}'::regnamespace AND c.contype IN ('f', 'c') AND c.conrelid <> 0
      ORDER BY c.conrelid::regclass::text, c.conname`,
  );
  for (const constraint of constraints) {
    const { name, tbl, referred } = constraint;
    const antal = (await session.one<{ readonly antal: number }>(violationsOf(constraint)))!.antal;
    if (antal === 0) continue;
    yield referred === null
      ? `${antal} of ${tbl} are against its rule ${name}`
      : `${antal} of ${tbl} refer to one of ${referred} that is not there`;
  }
}

function violationsOf({ tbl, condition, referred, columns, referredColumns }: Constraint): string {
  if (referred === null) return `SELECT count(*) AS antal FROM ${tbl} WHERE NOT (${condition})`;
  const given = columns.map((column) => `t.${column} IS NOT NULL`).join(' AND ');
  const same = columns.map((column, at) => `r.${referredColumns[at]} = t.${column}`).join(' AND ');
  return `SELECT count(*) AS antal FROM ${tbl} AS t
    WHERE ${given} AND NOT EXISTS (SELECT 1 FROM ${referred} AS r WHERE ${same})`;
}

/** Where the schema is made anew; it is never there for anybody else. */
const ANEW = `${SCHEMA}_as_made`;

/** What is missing in the schema, is otherwise than it should be, or should not be there. */
export async function* schemaDifferencesIn(session: Session): AsyncGenerator<string> {
  yield* schemaDifferences(await schemaOf(session, SCHEMA), await schemaAsMade(session));
}

/** A schema that the migrations make of nothing. */
async function schemaAsMade(session: Session): Promise<Map<string, string>> {
  await session.run('SAVEPOINT making');
  await session.run(`CREATE SCHEMA ${ANEW}; SET LOCAL search_path = ${ANEW}, ${SCHEMA};
    CREATE TABLE migration (number integer NOT NULL PRIMARY KEY, name text NOT NULL, applied text NOT NULL)`);
  for (const { sql, number, name } of knownMigrations())
    await session.run(`${sql};\nINSERT INTO migration VALUES (${number}, '${name}', '')`);
  const made = await schemaOf(session, ANEW);
  await session.run('ROLLBACK TO SAVEPOINT making; RELEASE SAVEPOINT making');
  return made;
}

/** Its steps, and all there is in it by kind and name, each with its definition. What an extension has made is its own. */
async function schemaOf(session: Session, schema: string): Promise<Map<string, string>> {
  const things = await session.all<{ readonly name: string; readonly definition: string | null }>(`
    SELECT 'migration ' || number AS name, name AS definition FROM ${schema}.migration
    UNION ALL
    SELECT CASE c.relkind WHEN 'r' THEN 'table ' WHEN 'v' THEN 'view ' WHEN 'S' THEN 'sequence ' WHEN 'i' THEN 'index '
                ELSE 'relation ' END || c.relname,
           concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.reloptions::text,
             CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) WHEN 'i' THEN pg_get_indexdef(c.oid)
               WHEN 'S' THEN (SELECT concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache,
                                        seqcycle) FROM pg_sequence WHERE seqrelid = c.oid) END,
             (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                       a.attidentity, a.attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid)),
                     ', ' ORDER BY a.attname)
                FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
      FROM pg_class AS c WHERE c.relnamespace = '${schema}'::regnamespace AND c.relkind <> 'c'
    UNION ALL
    SELECT 'constraint ' || coalesce(nullif(c.conrelid, 0)::regclass::text || '.', '') || c.conname,
           pg_get_constraintdef(c.oid) || c.convalidated::text
      FROM pg_constraint AS c WHERE c.connamespace = '${schema}'::regnamespace AND c.contype <> 't'
    UNION ALL
    SELECT 'trigger ' || t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
      FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
     WHERE c.relnamespace = '${schema}'::regnamespace AND NOT t.tgisinternal
    UNION ALL
    SELECT 'rule of ' || r.tablename || ' ' || r.rulename, r.definition FROM pg_rules AS r WHERE r.schemaname = '${schema}'
    UNION ALL
    SELECT 'references of ' || c.relname, string_agg(t.tgenabled::text, '' ORDER BY t.tgname)
      FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
     WHERE c.relnamespace = '${schema}'::regnamespace AND t.tgisinternal GROUP BY c.relname
    UNION ALL
    SELECT 'function ' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')', pg_get_functiondef(p.oid)
      FROM pg_proc AS p
     WHERE p.pronamespace = '${schema}'::regnamespace AND p.prokind IN ('f', 'p')
       AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'domain ' || t.typname, concat_ws(' ', t.typnotnull, format_type(t.typbasetype, t.typtypmod),
             t.typcollation::regcollation::text, t.typdefault)
      FROM pg_type AS t WHERE t.typnamespace = '${schema}'::regnamespace AND t.typtype = 'd'`);
  return new Map(
    things
      .map(({ name, definition }) => [plain(name), plain(definition ?? '')] as const)
      .filter(([name]) => !OF_A_COPY.test(name)),
  );
}

/** The mark of an unfinished copy does not count: only whoever makes a store of it verifies that. */
const OF_A_COPY = new RegExp(`^[a-z]+ ${MARKER}\\b|^[a-z]+ ${MARKER}_`);

/** Which schema something is in does not matter here, nor white space. */
const plain = (text: string): string =>
  text.replaceAll(new RegExp(`\\b(${ANEW}|${SCHEMA})\\.`, 'g'), '').replaceAll(/\s+/g, ' ');
