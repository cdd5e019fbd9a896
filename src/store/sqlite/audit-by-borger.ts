// Finds the entries of the audit trail that name a citizen, by an index that is in stretches of the trail: each stretch
// is sorted by citizen, so that adding an entry changes only what is at the end.

/** The stretch of an entry, written as the index has it: otherwise SQLite would not use that. */
const STRETCH = 'seq >> 10';

/**
 * The numbers of the entries that name a citizen, as a SELECT; the citizen is an expression in SQL. It looks into each
 * stretch that there is, a few microseconds each, and passes over all entries of others.
 */
export const entriesOfBorger = (personnummer: string): string =>
  `SELECT e.seq
     FROM (WITH RECURSIVE stretch (nr) AS (
             SELECT ${firstStretch('true')} UNION ALL
             SELECT ${firstStretch(`${STRETCH} > nr`)} FROM stretch WHERE nr IS NOT NULL)
           SELECT nr FROM stretch) AS s
    CROSS JOIN audit_entry AS e ON e.${STRETCH} = s.nr AND e.personnummer = ${personnummer}`;

/** Of those for which that holds, whatever numbers there are: who verifies a trail may have one that was tampered with. */
const firstStretch = (where: string): string =>
  `(SELECT ${STRETCH} FROM audit_entry WHERE personnummer IS NOT NULL AND ${where} ORDER BY ${STRETCH} LIMIT 1)`;
