-- The entries about a citizen are found stretch by stretch of the trail, 1 024 numbers each. Sorted by citizen alone every
-- entry would change a page of its own, somewhere in an index as long as the trail; now it is one of the few pages of the
-- last stretch. Whoever looks for a citizen looks once into every stretch (audit-by-borger.ts).

DROP INDEX audit_entry_by_personnummer;
CREATE INDEX audit_entry_by_personnummer ON audit_entry (seq >> 10, personnummer) WHERE personnummer IS NOT NULL;
