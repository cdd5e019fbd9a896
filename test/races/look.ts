// What a store has kept of some citizens, read in one look and without the program, and held against what was sent: the
// calls must be explained by some order in which they came one after the other, and the audit trail says by which.

import Database from 'better-sqlite3';
import { Register, type Sagt, type Tilstand, tilstandAfter, tilstandOf } from './model.ts';

interface Entry {
  readonly mark: string;
  readonly operation: string;
  readonly fejlkode: number | null;
  readonly guid: string | null;
  readonly version: number | null;
}

interface Row {
  readonly guid: string;
  readonly version: number;
  readonly borger: string;
  readonly overgangsdato: string | null;
  readonly ophoersdato: string | null;
  readonly komp: string | null;
}

interface Version extends Row {
  readonly correlationId: string;
  readonly afgoerelsesdato: string | null;
  readonly mark: string;
  readonly registrationType: string | null;
  readonly messageIdentifier: string | null;
}

/** What there is of some citizens. */
export interface Seen {
  /** Entries of Saves, in the order of the trail. */
  readonly entries: readonly Entry[];
  readonly forloeb: readonly Row[];
  /** Each with its besked. */
  readonly versions: readonly Version[];
  /** Beskeder of these citizens. */
  readonly beskeder: number;
}

const COLUMNS = (of: string) => `${of}.forloeb_id AS guid, ${of}.version, ${of}.personnummer AS borger,
  ${of}.overgangsdato, ${of}.ophoersdato, ${of}.kompensationsafgoerelsesdato AS komp`;
const MARK = '$.RequestUserStructure.UserIdentifier';

/** A store that is looked at while services use it. */
export class Look {
  readonly #db: Database.Database;

  constructor(file: string) {
    this.#db = new Database(file, { readonly: true });
  }

  /** All that is kept of those citizens at this moment. */
  at(borgere: readonly string[]): Seen {
    const those = JSON.stringify(borgere);
    const all = <T>(sql: string): T[] => this.#db.prepare<[string], T>(sql).all(those);
    const of = (table: string): string => `${table}.personnummer IN (SELECT value FROM json_each(?))`;
    return this.#db.transaction(() => ({
      entries: all<Entry>(
        `SELECT user_identifier AS mark, operation, fejlkode, forloeb_id AS guid, version
           FROM audit_entry WHERE ${of('audit_entry')} AND operation = 'SaveTidligPension' ORDER BY seq`,
      ),
      forloeb: all<Row>(`SELECT ${COLUMNS('f')} FROM forloeb AS f WHERE ${of('f')}`),
      versions: all<Version>(
        `SELECT ${COLUMNS('v')}, v.correlation_id AS correlationId, v.afgoerelsesdato,
                json_extract(request_user_metadata, '${MARK}') AS mark,
                b.registration_type AS registrationType, b.message_identifier AS messageIdentifier
           FROM forloeb_version AS v LEFT JOIN besked AS b USING (forloeb_id, version)
          WHERE ${of('v')} ORDER BY b.besked_nr`,
      ),
      beskeder: all<{ n: number }>(`SELECT count(*) AS n FROM besked WHERE ${of('besked')}`)[0]!.n,
    }))();
  }

  close(): void {
    this.#db.close();
  }
}

const stateOf = (row: Row): Tilstand => tilstandOf(row.overgangsdato, row.ophoersdato, row.komp);

/** What stands, by the identifier of each forløb. */
export const standing = ({ forloeb }: Seen): ReadonlyMap<string, Tilstand> =>
  new Map(forloeb.map((row) => [row.guid, stateOf(row)]));

/**
 * What is wrong with what was kept, when these messages were sent; empty when nothing is. Each entry must be what the
 * rules say in the order of the trail, and forløb, versions and beskeder exactly what those entries have made.
 */
export function contradictions(kept: Seen, sent: ReadonlyMap<string, Sagt>): string[] {
  const wrong: string[] = [];
  const register = new Register();
  for (const entry of kept.entries) {
    const sagt = sent.get(entry.mark);
    if (sagt === undefined) {
      wrong.push(`there is an entry of ${entry.mark}, which was not sent`);
      continue;
    }
    const due = register.judge(sagt, entry.guid ?? '');
    const came = entry.fejlkode === null ? { guid: entry.guid } : { kode: entry.fejlkode };
    if (JSON.stringify(due) !== JSON.stringify(came))
      wrong.push(`${entry.mark}: due is ${JSON.stringify(due)}, the entry says ${JSON.stringify(came)}`);
  }
  // A personnummer is never printed.
  const borgere = [...new Set([...sent.values()].map(({ borger }) => borger))];
  const nr = (borger: string): string => `borger ${borgere.indexOf(borger)}`;
  const due = register.forloeb.flatMap(({ guid, borger, versions }) =>
    versions.map((sagt, at) =>
      [guid, at + 1, nr(borger), sagt.mark, tilstandAfter(sagt), at === 0 ? 'Create' : 'Update'].join(' '),
    ),
  );
  const are = kept.versions.map((row) =>
    [row.guid, row.version, nr(row.borger), row.mark, stateOf(row), row.registrationType].join(' '),
  );
  wrong.push(...different('version', due, are));
  const dueForloeb = register.forloeb.map(({ guid, versions }) =>
    [guid, versions.length, tilstandAfter(versions.at(-1)!)].join(' '),
  );
  const areForloeb = kept.forloeb.map((row) => [row.guid, row.version, stateOf(row)].join(' '));
  wrong.push(...different('forløb', dueForloeb, areForloeb));
  const identifiers = new Set(kept.versions.map(({ messageIdentifier }) => messageIdentifier));
  if (identifiers.size !== kept.versions.length || kept.beskeder !== kept.versions.length)
    wrong.push(
      `${kept.versions.length} versions, ${kept.beskeder} beskeder, ${identifiers.size} identifiers`,
    );
  const accepted = kept.entries.filter(({ fejlkode }) => fejlkode === null).map(({ mark }) => mark);
  if (accepted.join() !== kept.versions.map(({ mark }) => mark).join())
    wrong.push('the beskeder are not in the order of the trail');
  return wrong;
}

function different(what: string, due: readonly string[], are: readonly string[]): string[] {
  const [isDue, isThere] = [new Set(due), new Set(are)];
  return [
    ...due.filter((one) => !isThere.has(one)).map((one) => `the ${what} ${one} is missing`),
    ...are.filter((one) => !isDue.has(one)).map((one) => `the ${what} ${one} is too much`),
    ...(are.length === isThere.size ? [] : [`a ${what} is there twice`]),
  ];
}
