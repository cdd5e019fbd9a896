-- The forløb, their versions and the beskeder are laid out anew, so that a Save writes fewer pages: no row, rule or name
-- is another.
--
-- An identifier of a forløb is random. Where rows are kept in its order, every Save changes a page of its own for each
-- table, and splits one again and again. So the forløb are kept by their citizens and nothing else, and the versions,
-- which are long, in the order in which they came; only keys are still in the order of the identifiers.
--
-- That a text is a GUID is asked in one pattern, however long: the rule is the same, and takes a third of the time.
--
-- The tables refer to each other by these names, and sequence_besked to besked: foreign keys are off meanwhile, and names
-- are left as they are written (migrate.ts).

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
DROP TRIGGER besked_must_be_of_the_citizen_of_its_version;
DROP TRIGGER besked_is_never_replaced;
DROP TRIGGER besked_never_says_something_else;
DROP TRIGGER besked_is_never_deleted;
DROP TRIGGER besked_has_one_recipient_for_ever;
DROP TRIGGER besked_is_queued_before_it_is_delivered;
DROP TRIGGER besked_leaves_once_and_with_its_sequence;
DROP INDEX besked_that_waits;
DROP INDEX besked_to_deliver;
ALTER TABLE forloeb RENAME TO forloeb_before_0006;
ALTER TABLE forloeb_version RENAME TO forloeb_version_before_0006;
ALTER TABLE besked RENAME TO besked_before_0006;

-- One key, and nothing is looked for but by the citizen. Whose an identifier is, the first version of its forløb says:
-- a forløb cannot be without that version, nor a version be of another citizen than its forløb. So no two citizens can
-- have a forløb of one identifier. forloeb_is_never_replaced refuses a second one at once where the first is kept; where
-- both come in one transaction, one of them cannot have its version and the transaction is refused.
-- That a citizen has one forløb of each number is held by forloeb_is_never_replaced for a new one, and by
-- forloeb_goes_on_one_version_at_a_time for one that there is.
CREATE TABLE forloeb (
  forloeb_id                  TEXT    NOT NULL
                              CHECK (length(forloeb_id) = 36 AND forloeb_id GLOB
'[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
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
  PRIMARY KEY (personnummer, forloeb_id),
  -- It stands at a version that is kept, and is of the same citizen.
  FOREIGN KEY (forloeb_id, version, personnummer) REFERENCES forloeb_version (forloeb_id, version, personnummer)
    DEFERRABLE INITIALLY DEFERRED,
  CHECK ((overgangsdato IS NULL) = (afgoerelsesdato IS NULL)),
  CHECK (ophoersdato IS NULL OR (overgangsdato IS NOT NULL AND ophoersdato >= overgangsdato))
) STRICT, WITHOUT ROWID;

-- Every version, kept for ever. request_user_metadata is the header of the Save as JSON: the besked repeats it.
-- The rowid is nobody's: it only keeps the rows in the order in which they came. The citizen is in the key for the
-- forløb and the besked to refer to; that (forloeb_id, version) alone is there once, forloeb_version_is_never_replaced
-- holds, and besked, which has one row for each.
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
  PRIMARY KEY (forloeb_id, version, personnummer),
  FOREIGN KEY (personnummer, forloeb_id) REFERENCES forloeb (personnummer, forloeb_id),
  -- No version without the besked it owes.
  FOREIGN KEY (forloeb_id, version) REFERENCES besked (forloeb_id, version) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- The outbox: one row for each version, with its recipient (modtager) or the reason why there is none yet.
-- event_date is the moment of queueing, so it is there exactly when the recipient is.
CREATE TABLE besked (
  besked_nr                   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  message_identifier          TEXT    NOT NULL UNIQUE
                              CHECK (length(message_identifier) = 36 AND message_identifier GLOB
'[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
  forloeb_id                  TEXT    NOT NULL,
  version                     INTEGER NOT NULL,
  personnummer                TEXT    NOT NULL,
  registration_type           TEXT    NOT NULL CHECK (registration_type IN ('Create', 'Update')),
  modtager                    TEXT CHECK (modtager GLOB '[0-9][0-9]'),
  modtager_aarsag             TEXT    NOT NULL,
  event_date                  TEXT,
  -- It leaves the outbox once: when, and by which sequence.
  delivered                   TEXT,
  delivered_in                INTEGER REFERENCES sequence (sequence_nr),
  UNIQUE (forloeb_id, version),
  FOREIGN KEY (forloeb_id, version, personnummer) REFERENCES forloeb_version (forloeb_id, version, personnummer)
    DEFERRABLE INITIALLY DEFERRED,
  CHECK ((registration_type = 'Create') = (version = 1)),
  CHECK ((modtager IS NULL) = (event_date IS NULL))
) STRICT;

INSERT INTO forloeb SELECT * FROM forloeb_before_0006 ORDER BY personnummer, forloeb_id;
INSERT INTO forloeb_version SELECT * FROM forloeb_version_before_0006 ORDER BY forloeb_id, version;
INSERT INTO besked SELECT * FROM besked_before_0006 ORDER BY besked_nr;

-- No number is given twice, also where the last ones are not there any more.
DELETE FROM sqlite_sequence WHERE name = 'besked';
UPDATE sqlite_sequence SET name = 'besked' WHERE name = 'besked_before_0006';

DROP TABLE forloeb_before_0006;
DROP TABLE forloeb_version_before_0006;
DROP TABLE besked_before_0006;

-- The beskeder that wait, by citizen and in order.
CREATE INDEX besked_that_waits ON besked (personnummer, besked_nr) WHERE modtager IS NULL;

-- The queue of each a-kasse, in order, with all that is needed to say how long it is and how old.
CREATE INDEX besked_to_deliver ON besked (modtager, besked_nr, event_date) WHERE modtager IS NOT NULL AND delivered IS NULL;

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
WHEN EXISTS (SELECT 1 FROM forloeb_version AS v WHERE v.forloeb_id = NEW.forloeb_id AND v.version = 1)
  OR EXISTS (SELECT 1 FROM forloeb AS f
              WHERE f.personnummer = NEW.personnummer AND (f.forloeb_id = NEW.forloeb_id OR f.nr = NEW.nr))
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
   WHERE f.personnummer = NEW.personnummer AND f.forloeb_id = NEW.forloeb_id
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

-- The recipient is decided once: with the Save, or when a besked that waited is released.
CREATE TRIGGER besked_has_one_recipient_for_ever BEFORE UPDATE ON besked
WHEN OLD.modtager IS NOT NULL
 AND (NEW.modtager IS NOT OLD.modtager OR NEW.modtager_aarsag <> OLD.modtager_aarsag
      OR NEW.event_date IS NOT OLD.event_date)
BEGIN
  SELECT RAISE(ABORT, 'besked_has_one_recipient_for_ever');
END;

CREATE TRIGGER besked_is_queued_before_it_is_delivered BEFORE INSERT ON besked
WHEN NEW.delivered IS NOT NULL OR NEW.delivered_in IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'besked_is_queued_before_it_is_delivered');
END;

-- It leaves once, and only with a terminated sequence that holds it.
CREATE TRIGGER besked_leaves_once_and_with_its_sequence BEFORE UPDATE OF delivered, delivered_in ON besked
WHEN OLD.delivered IS NOT NULL OR NEW.delivered IS NULL OR NEW.delivered_in IS NULL
  OR NOT EXISTS (
    SELECT 1 FROM sequence_besked AS h JOIN sequence AS s USING (sequence_nr)
     WHERE h.sequence_nr = NEW.delivered_in AND h.besked_nr = NEW.besked_nr AND s.state = 'terminated')
BEGIN
  SELECT RAISE(ABORT, 'besked_leaves_once_and_with_its_sequence');
END;
