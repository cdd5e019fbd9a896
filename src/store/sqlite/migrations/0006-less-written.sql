-- The forløb and their versions are laid out anew, so that a Save writes fewer pages: no row, rule or name is another.
--
-- An identifier of a forløb is random. Where rows are kept in its order, every Save changes a page of its own for each
-- table, and splits one again and again. So the forløb are kept in the order of their citizens, and the versions, which
-- are long, in the order in which they came; only keys are still in the order of the identifiers.
--
-- Both tables refer to each other, and besked to the versions, by these names: foreign keys are off meanwhile, and
-- names are left as they are written (migrate.ts).

DROP TRIGGER forloeb_inserted_must_not_overlap;
DROP TRIGGER forloeb_updated_must_not_overlap;
DROP TRIGGER forloeb_begins_with_a_decision;
DROP TRIGGER forloeb_is_never_replaced;
DROP TRIGGER forloeb_goes_on_one_version_at_a_time;
DROP TRIGGER forloeb_is_never_deleted;
DROP TRIGGER forloeb_version_is_what_the_forloeb_stands_at;
DROP TRIGGER forloeb_version_is_never_replaced;
DROP TRIGGER forloeb_version_is_never_changed;
DROP TRIGGER forloeb_version_is_never_deleted;
ALTER TABLE forloeb RENAME TO forloeb_before_0006;
ALTER TABLE forloeb_version RENAME TO forloeb_version_before_0006;

-- One key for two rules. A version refers to (forloeb_id, personnummer), so that it is of the citizen of its forløb;
-- and that no two forløb have the same forloeb_id is seen in it too, by forloeb_is_never_replaced for a new one and by
-- forloeb_goes_on_one_version_at_a_time for one that there is. A key of forloeb_id alone would say that a second time,
-- and cost every new forløb another page.
CREATE TABLE forloeb (
  forloeb_id                  TEXT    NOT NULL
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
  PRIMARY KEY (personnummer, nr),
  UNIQUE (forloeb_id, personnummer),
  -- It stands at a version that is kept.
  FOREIGN KEY (forloeb_id, version) REFERENCES forloeb_version (forloeb_id, version) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((overgangsdato IS NULL) = (afgoerelsesdato IS NULL)),
  CHECK (ophoersdato IS NULL OR (overgangsdato IS NOT NULL AND ophoersdato >= overgangsdato))
) STRICT, WITHOUT ROWID;

-- Every version, kept for ever. request_user_metadata is the header of the Save as JSON: the besked repeats it.
-- The rowid is nobody's: it only keeps the rows in the order in which they came.
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
) STRICT;

INSERT INTO forloeb SELECT * FROM forloeb_before_0006 ORDER BY personnummer, nr;
INSERT INTO forloeb_version SELECT * FROM forloeb_version_before_0006 ORDER BY forloeb_id, version;

DROP TABLE forloeb_before_0006;
DROP TABLE forloeb_version_before_0006;

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

-- By its key, nor by the place of another.
CREATE TRIGGER forloeb_version_is_never_replaced BEFORE INSERT ON forloeb_version
WHEN EXISTS (SELECT 1 FROM forloeb_version AS v WHERE v.forloeb_id = NEW.forloeb_id AND v.version = NEW.version)
  OR EXISTS (SELECT 1 FROM forloeb_version AS v WHERE v.rowid = NEW.rowid)
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
