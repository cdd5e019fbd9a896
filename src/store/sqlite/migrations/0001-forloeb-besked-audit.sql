-- The forløb as they stand, every version of them, the besked each version owes, and the audit trail.
--
-- Everything about a citizen carries the personnummer, so that it can be spread over machines by it; only the
-- primary key of forloeb, which says whose an identifier is, is looked up by itself.
--
-- The rules are decided by the program and enforced here a second time: what contradicts them cannot be written.
-- Triggers on INSERT refuse a key that exists, for INSERT OR REPLACE would pass over UPDATE and DELETE triggers.

CREATE TABLE forloeb (
  forloeb_id                  TEXT    NOT NULL PRIMARY KEY
                              CHECK (length(forloeb_id) = 36 AND length(replace(forloeb_id, '-', '')) = 32
                                     AND replace(forloeb_id, '-', '') NOT GLOB '*[^0-9a-f]*'
                                     AND forloeb_id LIKE '________-____-____-____-____________'),
  personnummer                TEXT    NOT NULL
                              CHECK (length(personnummer) = 10 AND personnummer NOT GLOB '*[^0-9]*'
                                     AND personnummer <> '0000000000'),
  nr                          INTEGER NOT NULL CHECK (nr >= 1),
  version                     INTEGER NOT NULL CHECK (version >= 1),
  overgangsdato               TEXT CHECK (overgangsdato IS date(overgangsdato) AND overgangsdato >= '0001-01-01'),
  afgoerelsesdato             TEXT CHECK (afgoerelsesdato IS date(afgoerelsesdato) AND afgoerelsesdato >= '0001-01-01'),
  ophoersdato                 TEXT CHECK (ophoersdato IS date(ophoersdato) AND ophoersdato >= '0001-01-01'),
  kompensationsafgoerelsesdato TEXT
                              CHECK (kompensationsafgoerelsesdato IS date(kompensationsafgoerelsesdato)
                                     AND kompensationsafgoerelsesdato >= '0001-01-01'),
  UNIQUE (personnummer, nr),
  UNIQUE (forloeb_id, personnummer),
  -- It stands at a version that is kept.
  FOREIGN KEY (forloeb_id, version) REFERENCES forloeb_version (forloeb_id, version) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((overgangsdato IS NULL) = (afgoerelsesdato IS NULL)),
  CHECK (ophoersdato IS NULL OR (overgangsdato IS NOT NULL AND ophoersdato >= overgangsdato))
) STRICT, WITHOUT ROWID;

-- Two forløb of a citizen may not share a day (9434).
CREATE TRIGGER forloeb_inserted_must_not_overlap BEFORE INSERT ON forloeb WHEN NEW.overgangsdato IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'forloeb_must_not_overlap') FROM forloeb AS andet
   WHERE andet.personnummer = NEW.personnummer AND andet.forloeb_id <> NEW.forloeb_id
     AND andet.overgangsdato <= coalesce(NEW.ophoersdato, '9999-12-31')
     AND NEW.overgangsdato <= coalesce(andet.ophoersdato, '9999-12-31');
END;

CREATE TRIGGER forloeb_updated_must_not_overlap BEFORE UPDATE ON forloeb WHEN NEW.overgangsdato IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'forloeb_must_not_overlap') FROM forloeb AS andet
   WHERE andet.personnummer = NEW.personnummer AND andet.forloeb_id <> NEW.forloeb_id
     AND andet.overgangsdato <= coalesce(NEW.ophoersdato, '9999-12-31')
     AND NEW.overgangsdato <= coalesce(andet.ophoersdato, '9999-12-31');
END;

-- A forløb begins with a decision, at version 1, and goes on one version at a time, with the same citizen.
CREATE TRIGGER forloeb_begins_with_a_decision BEFORE INSERT ON forloeb
WHEN NEW.version <> 1 OR (NEW.overgangsdato IS NULL AND NEW.kompensationsafgoerelsesdato IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'forloeb_begins_with_a_decision');
END;

CREATE TRIGGER forloeb_is_never_replaced BEFORE INSERT ON forloeb
WHEN EXISTS (SELECT 1 FROM forloeb AS f WHERE f.forloeb_id = NEW.forloeb_id)
  OR EXISTS (SELECT 1 FROM forloeb AS f WHERE f.personnummer = NEW.personnummer AND f.nr = NEW.nr)
BEGIN
  SELECT RAISE(ABORT, 'forloeb_is_never_replaced');
END;

CREATE TRIGGER forloeb_goes_on_one_version_at_a_time BEFORE UPDATE ON forloeb
WHEN NEW.version <> OLD.version + 1 OR NEW.personnummer <> OLD.personnummer
  OR NEW.forloeb_id <> OLD.forloeb_id OR NEW.nr <> OLD.nr
BEGIN
  SELECT RAISE(ABORT, 'forloeb_goes_on_one_version_at_a_time');
END;

CREATE TRIGGER forloeb_is_never_deleted BEFORE DELETE ON forloeb
BEGIN
  SELECT RAISE(ABORT, 'forloeb_is_never_deleted');
END;

-- Every version, kept for ever. request_user_metadata is the header of the Save as JSON: the besked repeats it.
CREATE TABLE forloeb_version (
  forloeb_id                  TEXT    NOT NULL,
  version                     INTEGER NOT NULL CHECK (version >= 1),
  personnummer                TEXT    NOT NULL,
  indberettet                 TEXT    NOT NULL,
  correlation_id              TEXT    NOT NULL,
  overgangsdato               TEXT,
  afgoerelsesdato             TEXT,
  ophoersdato                 TEXT,
  kompensationsafgoerelsesdato TEXT,
  request_user_metadata       TEXT    NOT NULL CHECK (json_valid(request_user_metadata)),
  PRIMARY KEY (forloeb_id, version),
  FOREIGN KEY (forloeb_id, personnummer) REFERENCES forloeb (forloeb_id, personnummer),
  -- No version without the besked it owes.
  FOREIGN KEY (forloeb_id, version) REFERENCES besked (forloeb_id, version) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- The forløb is written first; its version says the same.
CREATE TRIGGER forloeb_version_is_what_the_forloeb_stands_at BEFORE INSERT ON forloeb_version
WHEN EXISTS (
  SELECT 1 FROM forloeb AS f
   WHERE f.forloeb_id = NEW.forloeb_id
     AND (f.version <> NEW.version
          OR f.overgangsdato IS NOT NEW.overgangsdato OR f.afgoerelsesdato IS NOT NEW.afgoerelsesdato
          OR f.ophoersdato IS NOT NEW.ophoersdato
          OR f.kompensationsafgoerelsesdato IS NOT NEW.kompensationsafgoerelsesdato))
BEGIN
  SELECT RAISE(ABORT, 'forloeb_version_is_what_the_forloeb_stands_at');
END;

CREATE TRIGGER forloeb_version_is_never_replaced BEFORE INSERT ON forloeb_version
WHEN EXISTS (SELECT 1 FROM forloeb_version AS v WHERE v.forloeb_id = NEW.forloeb_id AND v.version = NEW.version)
BEGIN
  SELECT RAISE(ABORT, 'forloeb_version_is_never_replaced');
END;

CREATE TRIGGER forloeb_version_is_never_changed BEFORE UPDATE ON forloeb_version
BEGIN
  SELECT RAISE(ABORT, 'forloeb_version_is_never_changed');
END;

CREATE TRIGGER forloeb_version_is_never_deleted BEFORE DELETE ON forloeb_version
BEGIN
  SELECT RAISE(ABORT, 'forloeb_version_is_never_deleted');
END;

-- The outbox: one row for each version, with its recipient (modtager) or the reason why there is none yet.
-- event_date is the moment of queueing, so it is there exactly when the recipient is.
CREATE TABLE besked (
  besked_nr                   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  message_identifier          TEXT    NOT NULL UNIQUE
                              CHECK (length(message_identifier) = 36
                                     AND length(replace(message_identifier, '-', '')) = 32
                                     AND replace(message_identifier, '-', '') NOT GLOB '*[^0-9a-f]*'
                                     AND message_identifier LIKE '________-____-____-____-____________'),
  forloeb_id                  TEXT    NOT NULL,
  version                     INTEGER NOT NULL,
  personnummer                TEXT    NOT NULL,
  registration_type           TEXT    NOT NULL CHECK (registration_type IN ('Create', 'Update')),
  modtager                    TEXT CHECK (modtager GLOB '[0-9][0-9]'),
  modtager_aarsag             TEXT    NOT NULL,
  event_date                  TEXT,
  UNIQUE (forloeb_id, version),
  FOREIGN KEY (forloeb_id, version) REFERENCES forloeb_version (forloeb_id, version) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((registration_type = 'Create') = (version = 1)),
  CHECK ((modtager IS NULL) = (event_date IS NULL))
) STRICT;

CREATE TRIGGER besked_must_be_of_the_citizen_of_its_version BEFORE INSERT ON besked
WHEN EXISTS (
  SELECT 1 FROM forloeb_version AS v
   WHERE v.forloeb_id = NEW.forloeb_id AND v.version = NEW.version AND v.personnummer <> NEW.personnummer)
BEGIN
  SELECT RAISE(ABORT, 'besked_must_be_of_the_citizen_of_its_version');
END;

CREATE TRIGGER besked_is_never_replaced BEFORE INSERT ON besked
WHEN EXISTS (SELECT 1 FROM besked AS b WHERE b.message_identifier = NEW.message_identifier)
  OR EXISTS (SELECT 1 FROM besked AS b WHERE b.forloeb_id = NEW.forloeb_id AND b.version = NEW.version)
  OR EXISTS (SELECT 1 FROM besked AS b WHERE b.besked_nr = NEW.besked_nr)
BEGIN
  SELECT RAISE(ABORT, 'besked_is_never_replaced');
END;

CREATE TRIGGER besked_never_says_something_else BEFORE UPDATE ON besked
WHEN NEW.besked_nr <> OLD.besked_nr OR NEW.message_identifier <> OLD.message_identifier
  OR NEW.forloeb_id <> OLD.forloeb_id OR NEW.version <> OLD.version OR NEW.personnummer <> OLD.personnummer
  OR NEW.registration_type <> OLD.registration_type
BEGIN
  SELECT RAISE(ABORT, 'besked_never_says_something_else');
END;

CREATE TRIGGER besked_is_never_deleted BEFORE DELETE ON besked
BEGIN
  SELECT RAISE(ABORT, 'besked_is_never_deleted');
END;

-- The audit trail: one entry for each call, refused ones too, in the transaction of what the call did.
CREATE TABLE audit_entry (
  seq                         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
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
  CHECK ((udfald = 'afvist') = (fejlkode IS NOT NULL))
) STRICT;

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
