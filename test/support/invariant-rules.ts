// What no row of a store may break, as SQL that both databases understand: each query names the rows that do.

/** Operations of the services, as a list; the other events of the trail are no calls. */
export const CALLS = `('SaveTidligPension', 'GetTidligPension', 'CreateSequence', 'GetTidligPensionVersion1',
                'TerminateSequence', 'CloseSequence')`;
/** Entries of Saves that were accepted. */
export const SAVED = "operation = 'SaveTidligPension' AND udfald = 'udfoert'";
/** On PostgreSQL an entry has come in before it has its number: then it is after all that have one. */
const ENTRIES = {
  sqlite: 'audit_entry',
  postgres: `(SELECT seq, correlation_id, operation, udfald, fejlkode, antal, personnummer, forloeb_id, version
                FROM audit_entry
               UNION ALL
              SELECT (SELECT value FROM audit_counter WHERE name = 'audit_entry') + nr, correlation_id, operation, udfald,
                     fejlkode, antal, personnummer, forloeb_id, version
                FROM audit_intake)`,
} as const;
/** The codes that an a-kasse answered for when it opened the sequence `s`. */
const KODER = {
  sqlite: 'SELECT value FROM json_each(s.koder)',
  postgres: 'SELECT value FROM json_array_elements_text(s.koder::json)',
} as const;

/** The words of a query in which the databases differ: `:entries` and `:koder`. */
export const inWordsOf = (kind: keyof typeof ENTRIES, sql: string): string =>
  sql.replaceAll(':entries', ENTRIES[kind]).replaceAll(':koder', KODER[kind]);

/** Each gives a line for what breaks it; all of them give none. The sentence stands before those lines. */
export const RULES: readonly (readonly [sentence: string, sql: string])[] = [
  // I1, I3: the forløb is what its last version says, and nothing lies between the first and the last.
  [
    'I1: versions of a forløb are not numbered from 1 without a gap',
    `SELECT forloeb_id FROM forloeb_version GROUP BY forloeb_id
     HAVING min(version) <> 1 OR max(version) <> count(*) OR count(DISTINCT version) <> count(*)`,
  ],
  [
    'I1: a forløb does not stand at its last version',
    `SELECT f.forloeb_id FROM forloeb AS f
       LEFT JOIN (SELECT forloeb_id, max(version) AS version FROM forloeb_version GROUP BY forloeb_id) AS l
         ON l.forloeb_id = f.forloeb_id
       LEFT JOIN forloeb_version AS v ON v.forloeb_id = l.forloeb_id AND v.version = l.version
      WHERE v.version IS NULL OR f.version <> v.version OR f.personnummer <> v.personnummer
         OR f.overgangsdato IS DISTINCT FROM v.overgangsdato OR f.afgoerelsesdato IS DISTINCT FROM v.afgoerelsesdato
         OR f.ophoersdato IS DISTINCT FROM v.ophoersdato
         OR f.kompensationsafgoerelsesdato IS DISTINCT FROM v.kompensationsafgoerelsesdato`,
  ],
  [
    'I1: a version has no forløb',
    `SELECT forloeb_id || ' ' || version FROM forloeb_version
      WHERE forloeb_id NOT IN (SELECT forloeb_id FROM forloeb)`,
  ],
  [
    'I1: versions of a forløb are of two citizens',
    'SELECT forloeb_id FROM forloeb_version GROUP BY forloeb_id HAVING count(DISTINCT personnummer) > 1',
  ],
  // I2
  [
    'I2: a version does not have exactly one besked',
    `SELECT v.forloeb_id || ' ' || v.version FROM forloeb_version AS v LEFT JOIN besked AS b USING (forloeb_id, version)
      GROUP BY v.forloeb_id, v.version HAVING count(b.besked_nr) <> 1`,
  ],
  [
    'I2: a besked has no version, or is not of its citizen or kind',
    `SELECT 'besked ' || b.besked_nr FROM besked AS b LEFT JOIN forloeb_version AS v USING (forloeb_id, version)
      WHERE v.personnummer IS DISTINCT FROM b.personnummer
         OR b.registration_type <> CASE b.version WHEN 1 THEN 'Create' ELSE 'Update' END`,
  ],
  [
    'I2: an identifier stands on two beskeder',
    'SELECT lower(message_identifier) FROM besked GROUP BY lower(message_identifier) HAVING count(*) > 1',
  ],
  [
    'I2: a besked has neither a recipient nor a reason why there is none',
    `SELECT 'besked ' || besked_nr FROM besked
      WHERE coalesce(modtager_aarsag, '') NOT IN ('nuvaerende-akasse', 'seneste-akasse-med-efterloen',
              'seneste-akasse-uden-efterloen', 'intet-medlemskab', 'overhalet')
         OR (modtager IS NOT NULL) <> (modtager_aarsag IN ('nuvaerende-akasse', 'seneste-akasse-med-efterloen'))
         OR (modtager IS NOT NULL) <> (event_date IS NOT NULL)`,
  ],
  // I3, I6: a version and its entry come together.
  [
    'I3: a version does not have exactly one audit entry, with its correlation id',
    `SELECT v.forloeb_id || ' ' || v.version FROM forloeb_version AS v
       LEFT JOIN (SELECT * FROM :entries AS a WHERE ${SAVED}) AS e
         ON e.forloeb_id = v.forloeb_id AND e.version = v.version
      GROUP BY v.forloeb_id, v.version
     HAVING count(e.seq) <> 1 OR max(e.correlation_id) IS DISTINCT FROM max(v.correlation_id)
         OR max(e.personnummer) IS DISTINCT FROM max(v.personnummer)`,
  ],
  [
    'I3: an audit entry of an accepted Save has no version',
    `SELECT 'entry ' || e.seq FROM :entries AS e LEFT JOIN forloeb_version AS v USING (forloeb_id, version)
      WHERE e.operation = 'SaveTidligPension' AND e.udfald = 'udfoert' AND v.version IS NULL`,
  ],
  [
    'I3: a refused call has made a version',
    `SELECT 'entry ' || e.seq FROM :entries AS e JOIN forloeb_version AS v USING (correlation_id)
      WHERE e.udfald = 'afvist' OR e.operation <> 'SaveTidligPension'`,
  ],
  // I4: only what was held by a terminated sequence has left the queue.
  [
    'I4: a terminated sequence has not let go exactly what it held',
    `SELECT 'sequence ' || s.sequence_nr FROM sequence AS s
      WHERE s.state = 'terminated'
        AND (s.antal <> (SELECT count(*) FROM sequence_besked AS h WHERE h.sequence_nr = s.sequence_nr)
             OR s.antal <> (SELECT count(*) FROM sequence_besked AS h JOIN besked AS b USING (besked_nr)
                             WHERE h.sequence_nr = s.sequence_nr AND b.delivered_in = s.sequence_nr))`,
  ],
  [
    'I4: a besked has left the queue without a terminated sequence that held it and might',
    `SELECT 'besked ' || b.besked_nr FROM besked AS b LEFT JOIN sequence AS s ON s.sequence_nr = b.delivered_in
      WHERE (b.delivered IS NOT NULL OR b.delivered_in IS NOT NULL)
        AND (b.delivered IS NULL OR s.state IS DISTINCT FROM 'terminated' OR b.modtager IS NULL
             OR NOT EXISTS (SELECT 1 FROM sequence_besked AS h
                             WHERE h.sequence_nr = s.sequence_nr AND h.besked_nr = b.besked_nr)
             OR b.modtager NOT IN (SELECT s.akasse UNION :koder))`,
  ],
  [
    'I4: a besked is held by two open sequences, or by one though it has left the queue',
    `SELECT 'besked ' || b.besked_nr FROM sequence AS s JOIN sequence_besked USING (sequence_nr)
       JOIN besked AS b USING (besked_nr)
      WHERE s.state = 'open' GROUP BY b.besked_nr HAVING count(*) > 1 OR max(b.delivered) IS NOT NULL`,
  ],
  // I6
  [
    'I6: two calls share an audit entry’s correlation id',
    `SELECT correlation_id FROM :entries AS a WHERE operation IS NULL OR operation IN ${CALLS}
      GROUP BY correlation_id HAVING count(*) > 1`,
  ],
];

/** What only PostgreSQL has a table for. */
export const POSTGRES_RULES: typeof RULES = [
  [
    'I3: an identifier is somebody’s without a forløb, or a forløb is not its owner’s',
    `SELECT coalesce(e.forloeb_id, f.forloeb_id) FROM forloeb_ejer AS e FULL JOIN forloeb AS f USING (forloeb_id)
      WHERE e.personnummer IS DISTINCT FROM f.personnummer`,
  ],
  [
    'I6: an entry that came in has a number and waits for one',
    "SELECT 'intake ' || nr FROM audit_intake JOIN audit_entry ON intake_nr = nr",
  ],
  [
    'I6: an entry that came in has two numbers',
    "SELECT 'intake ' || intake_nr FROM audit_entry GROUP BY intake_nr HAVING intake_nr IS NOT NULL AND count(*) > 1",
  ],
  [
    'I5: Saves of a citizen have their entries in another order than the one in which they came in',
    `SELECT 'entry ' || seq
       FROM (SELECT seq, intake_nr, lag(intake_nr) OVER (PARTITION BY personnummer ORDER BY seq) AS before
               FROM audit_entry WHERE ${SAVED} AND intake_nr IS NOT NULL) AS e
      WHERE before > intake_nr`,
  ],
  [
    'I7: a forløb is of a citizen who is not there to be locked',
    'SELECT forloeb_id FROM forloeb WHERE personnummer NOT IN (SELECT personnummer FROM borger)',
  ],
];
