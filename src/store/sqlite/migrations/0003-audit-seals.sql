-- The audit trail gets what makes it tamper-evident: a digest in each entry, and seals over batches of them.
--
-- The entries that are there are kept. Two functions of the program are needed for them: `audit_digest` is the digest
-- of an entry, given as JSON, and its salt; `audit_hides` says whether an entry needs a salt at all.

ALTER TABLE audit_entry RENAME TO audit_entry_before_seals;
DROP INDEX audit_entry_by_personnummer;
DROP TRIGGER audit_entry_is_never_replaced;
DROP TRIGGER audit_entry_is_never_changed;
DROP TRIGGER audit_entry_is_never_deleted;

-- One entry for each call or command, in the transaction of what it did. `antal` counts refusals that were gathered.
CREATE TABLE audit_entry (
  seq                         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT CHECK (seq >= 1),
  tidspunkt                   TEXT    NOT NULL,
  correlation_id              TEXT    NOT NULL,
  operation                   TEXT,
  udfald                      TEXT    NOT NULL CHECK (udfald IN ('udfoert', 'afvist')),
  fejlkode                    INTEGER,
  certificate                 TEXT,
  system                      TEXT,
  active_organisation_type    INTEGER,
  active_organisation_code    TEXT,
  request_organisation_type   INTEGER,
  request_organisation_code   TEXT,
  user_full_name              TEXT,
  user_type                   INTEGER,
  user_identifier             TEXT,
  personnummer                TEXT,
  forloeb_id                  TEXT,
  version                     INTEGER,
  modtager                    TEXT,
  modtager_aarsag             TEXT,
  antal                       INTEGER CHECK (antal >= 2),
  adresse                     TEXT,
  detaljer                    TEXT CHECK (json_valid(detaljer)),
  salt                        BLOB CHECK (length(salt) = 16),
  digest                      BLOB    NOT NULL CHECK (length(digest) = 32),
  CHECK ((udfald = 'afvist') = (fejlkode IS NOT NULL)),
  CHECK (antal IS NULL OR fejlkode IN (1101, 1012))
) STRICT;

CREATE TEMP TABLE entry_json AS
  SELECT seq, randomblob(16) AS salt,
         json_object('seq', seq, 'tidspunkt', tidspunkt, 'correlationId', correlation_id, 'operation', operation,
                     'udfald', udfald, 'fejlkode', fejlkode, 'certificate', certificate, 'system', system,
                     'activeOrganisationType', active_organisation_type,
                     'activeOrganisationCode', active_organisation_code,
                     'requestOrganisationType', request_organisation_type,
                     'requestOrganisationCode', request_organisation_code,
                     'userFullName', user_full_name, 'userType', user_type, 'userIdentifier', user_identifier,
                     'personnummer', personnummer, 'forloebId', forloeb_id, 'version', version,
                     'modtager', modtager, 'modtagerAarsag', modtager_aarsag) AS json
    FROM audit_entry_before_seals;

INSERT INTO audit_entry
  SELECT foer.*, NULL, NULL, NULL, CASE WHEN audit_hides(json) THEN salt END, audit_digest(json, salt)
    FROM audit_entry_before_seals AS foer JOIN temp.entry_json USING (seq)
   ORDER BY seq;

DROP TABLE temp.entry_json;
DROP TABLE audit_entry_before_seals;

CREATE INDEX audit_entry_by_personnummer ON audit_entry (personnummer, seq) WHERE personnummer IS NOT NULL;

CREATE TRIGGER audit_entry_is_never_replaced BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry AS e WHERE e.seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'audit_entry_is_never_replaced');
END;

CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
BEGIN
  SELECT RAISE(ABORT, 'audit_entry_is_never_changed');
END;

CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
BEGIN
  SELECT RAISE(ABORT, 'audit_entry_is_never_deleted');
END;

-- A seal stands for a batch of entries and for the seal before it. `entries` has a line `seq digest` for each entry;
-- `indhold` is its SHA-256, and `hash` that of the line `nr tidspunkt forrige indhold`. Hashes are hexadecimal.
CREATE TABLE audit_seal (
  nr                          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT CHECK (nr >= 1),
  tidspunkt                   TEXT    NOT NULL,
  sidste                      INTEGER NOT NULL,
  entries                     TEXT    NOT NULL,
  forrige                     TEXT    NOT NULL CHECK (length(forrige) = 64),
  indhold                     TEXT    NOT NULL CHECK (length(indhold) = 64),
  hash                        TEXT    NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER audit_seal_follows_the_last BEFORE INSERT ON audit_seal
WHEN NEW.nr <> (SELECT coalesce(max(nr), 0) + 1 FROM audit_seal)
  OR NEW.forrige <> coalesce((SELECT s.hash FROM audit_seal AS s ORDER BY s.nr DESC LIMIT 1),
                             '0000000000000000000000000000000000000000000000000000000000000000')
  OR NEW.sidste <= (SELECT coalesce(max(sidste), 0) FROM audit_seal WHERE nr = NEW.nr - 1)
BEGIN
  SELECT RAISE(ABORT, 'audit_seal_follows_the_last');
END;

CREATE TRIGGER audit_seal_is_never_changed BEFORE UPDATE ON audit_seal
BEGIN
  SELECT RAISE(ABORT, 'audit_seal_is_never_changed');
END;

CREATE TRIGGER audit_seal_is_never_deleted BEFORE DELETE ON audit_seal
BEGIN
  SELECT RAISE(ABORT, 'audit_seal_is_never_deleted');
END;

-- Refusals without an operation (1101, 1012) that a stranger can cause at will: counted here for one minute, durable
-- like everything else, and then one entry for all of them. `hvem` is the certificate, or the address.
CREATE TABLE audit_gathering (
  minut                       TEXT    NOT NULL,
  fejlkode                    INTEGER NOT NULL CHECK (fejlkode IN (1101, 1012)),
  hvem                        TEXT    NOT NULL,
  tidspunkt                   TEXT    NOT NULL,
  correlation_id              TEXT    NOT NULL,
  certificate                 TEXT,
  adresse                     TEXT,
  antal                       INTEGER NOT NULL CHECK (antal >= 1),
  PRIMARY KEY (minut, fejlkode, hvem)
) STRICT, WITHOUT ROWID;
