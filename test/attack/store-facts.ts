// What a store holds, counted beside the running service: so much that a change by a refused message would show.

import Database from 'better-sqlite3';

/** Counts of rows, and of those in each state. */
export type StoreFacts = Readonly<Record<string, number>>;

const COUNTS: Readonly<Record<string, string>> = {
  forloeb: 'SELECT count(*) FROM forloeb',
  versions: 'SELECT count(*) FROM forloeb_version',
  // The version that each forløb stands at: an overwrite would show here too.
  standing: 'SELECT coalesce(sum(version), 0) FROM forloeb',
  beskeder: 'SELECT count(*) FROM besked',
  delivered: 'SELECT count(*) FROM besked WHERE delivered IS NOT NULL',
  sequences: 'SELECT count(*) FROM sequence',
  open: "SELECT count(*) FROM sequence WHERE state = 'open'",
  terminated: "SELECT count(*) FROM sequence WHERE state = 'terminated'",
  fetched: 'SELECT count(*) FROM sequence WHERE fetched IS NOT NULL',
  held: 'SELECT count(*) FROM sequence_besked',
  audit: 'SELECT coalesce(max(seq), 0) FROM audit_entry',
  gathered: 'SELECT coalesce(sum(antal), 0) FROM audit_gathering',
};

/** What a forløb says, as it is kept. */
export interface KeptForloeb {
  readonly personnummer: string;
  readonly overgangsdato: string | null;
  readonly afgoerelsesdato: string | null;
  readonly ophoersdato: string | null;
  readonly kompensationsafgoerelsesdato: string | null;
}

/** Looks into a store that a service uses. */
export class StoreView {
  readonly #db: Database.Database;
  readonly #counts: [string, Database.Statement<[], number>][];

  constructor(file: string) {
    this.#db = new Database(file, { readonly: true });
    this.#counts = Object.entries(COUNTS).map(([name, sql]) => [
      name,
      this.#db.prepare<[], number>(sql).pluck(),
    ]);
  }

  facts(): StoreFacts {
    const read = this.#db.transaction(() => this.#counts.map(([name, count]) => [name, count.get()!]));
    return Object.fromEntries(read());
  }

  forloeb(id: string): KeptForloeb | undefined {
    return this.#db
      .prepare<[string], KeptForloeb>(
        `SELECT personnummer, overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato
           FROM forloeb WHERE forloeb_id = ?`,
      )
      .get(id);
  }

  openSequence(akasse: string): string | undefined {
    return this.#db
      .prepare<[string], string>("SELECT identifier FROM sequence WHERE akasse = ? AND state = 'open'")
      .pluck()
      .get(akasse);
  }

  close(): void {
    this.#db.close();
  }
}

/** The names whose counts differ. */
export const changed = (before: StoreFacts, after: StoreFacts): string[] =>
  Object.keys(COUNTS).filter((name) => before[name] !== after[name]);
