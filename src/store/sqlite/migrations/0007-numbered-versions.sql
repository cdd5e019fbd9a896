-- A version gets a number, in the order in which they came, and its besked points at it by that. What is kept, and the
-- rules, are the same.
--
-- An identifier of a forløb is random, so every key that begins with one is a page of its own to write for each Save. One
-- such key is left, that of the versions; a besked is found by the number of its version, and those only grow.

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
ALTER TABLE forloeb_version RENAME TO forloeb_version_before_0007;
ALTER TABLE besked RENAME TO besked_before_0007;

-- Every version, kept for ever. request_user_metadata is the header of the Save as JSON: the besked repeats it.
-- The citizen is in the key for the forløb to refer to; that (forloeb_id, version) alone is there once,
-- forloeb_version_is_never_replaced holds.
CREATE TABLE forloeb_version (
  version_nr                  INTEGER NOT NULL PRIMARY KEY,
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
  UNIQUE (forloeb_id, version, personnummer),
  FOREIGN KEY (personnummer, forloeb_id) REFERENCES forloeb (personnummer, forloeb_id),
  -- No version without the besked it owes.
  FOREIGN KEY (version_nr) REFERENCES besked (version_nr) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- The outbox: one row for each version, with its recipient (modtager) or the reason why there is none yet.
-- forloeb_id, version and personnummer are those of its version, which besked_must_be_of_its_version holds.
-- event_date is the moment of queueing, so it is there exactly when the recipient is.
CREATE TABLE besked (
  besked_nr                   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  version_nr                  INTEGER NOT NULL UNIQUE REFERENCES forloeb_version (version_nr),
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
  CHECK ((registration_type = 'Create') = (version = 1)),
  CHECK ((modtager IS NULL) = (event_date IS NULL))
) STRICT;

INSERT INTO forloeb_version
  SELECT rowid, * FROM forloeb_version_before_0007 ORDER BY rowid;

-- One whose version is missing, as only a hand at the file can have done it, points at none: the checks of a store name it.
INSERT INTO besked
  SELECT besked_nr,
         coalesce((SELECT min(v.version_nr) FROM forloeb_version AS v
                    WHERE v.forloeb_id = b.forloeb_id AND v.version = b.version), -besked_nr),
         message_identifier, forloeb_id, version, personnummer, registration_type, modtager, modtager_aarsag, event_date,
         delivered, delivered_in
    FROM besked_before_0007 AS b ORDER BY besked_nr;

-- No number is given twice, also where the last ones are not there any more.
DELETE FROM sqlite_sequence WHERE name = 'besked';
UPDATE sqlite_sequence SET name = 'besked' WHERE name = 'besked_before_0007';

DROP TABLE forloeb_version_before_0007;
DROP TABLE besked_before_0007;

-- The beskeder that wait, by citizen and in order.
CREATE INDEX besked_that_waits ON besked (personnummer, besked_nr) WHERE modtager IS NULL;

-- The queue of each a-kasse, in order, with all that is needed to say how long it is and how old.
CREATE INDEX besked_to_deliver ON besked (modtager, besked_nr, event_date) WHERE modtager IS NOT NULL AND delivered IS NULL;

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

-- By its key, nor by the number of another.
CREATE TRIGGER forloeb_version_is_never_replaced BEFORE INSERT ON forloeb_version
WHEN EXISTS (SELECT 1 FROM forloeb_version AS v WHERE v.forloeb_id = NEW.forloeb_id AND v.version = NEW.version)
  OR EXISTS (SELECT 1 FROM forloeb_version AS v WHERE v.version_nr = NEW.version_nr)
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

-- The version is written first; its besked says of which one it is.
CREATE TRIGGER besked_must_be_of_its_version BEFORE INSERT ON besked
WHEN NOT EXISTS (
  SELECT 1 FROM forloeb_version AS v
   WHERE v.version_nr = NEW.version_nr AND v.forloeb_id = NEW.forloeb_id AND v.version = NEW.version
     AND v.personnummer = NEW.personnummer)
BEGIN
  SELECT RAISE(ABORT, 'besked_must_be_of_its_version');
END;

CREATE TRIGGER besked_is_never_replaced BEFORE INSERT ON besked
WHEN EXISTS (SELECT 1 FROM besked AS b WHERE b.message_identifier = NEW.message_identifier)
  OR EXISTS (SELECT 1 FROM besked AS b WHERE b.version_nr = NEW.version_nr)
  OR EXISTS (SELECT 1 FROM besked AS b WHERE b.besked_nr = NEW.besked_nr)
BEGIN
  SELECT RAISE(ABORT, 'besked_is_never_replaced');
END;

CREATE TRIGGER besked_never_says_something_else BEFORE UPDATE ON besked
WHEN NEW.besked_nr <> OLD.besked_nr OR NEW.version_nr <> OLD.version_nr
  OR NEW.message_identifier <> OLD.message_identifier
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
