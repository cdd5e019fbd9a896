// Which entries of the audit trail say who gets a besked.

/** The condition on an entry, in SQL: what made a version or decided the recipient of its besked, and was done. */
export const DECIDES_MODTAGER =
  "operation IN ('SaveTidligPension', 'FrigivBesked', 'OverhalBesked', 'GenskabBesked') AND udfald = 'udfoert'";
