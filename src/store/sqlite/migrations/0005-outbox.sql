-- The outbox gets its first door: sequences, by which an a-kasse fetches the beskeder that wait for it.

-- A besked leaves the outbox once: when, and by which sequence.
ALTER TABLE besked ADD COLUMN delivered TEXT;
ALTER TABLE besked ADD COLUMN delivered_in INTEGER REFERENCES sequence (sequence_nr);

-- The queue of each a-kasse, in order, with all that is needed to say how long it is and how old.
CREATE INDEX besked_to_deliver ON besked (modtager, besked_nr, event_date) WHERE modtager IS NOT NULL AND delivered IS NULL;

-- Every sequence, kept for ever. An open one becomes one of the other three, once. One that holds nothing never was open.
CREATE TABLE sequence (
  sequence_nr                 INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  identifier                  TEXT    NOT NULL UNIQUE
                              CHECK (length(identifier) = 36 AND length(replace(identifier, '-', '')) = 32
                                     AND replace(identifier, '-', '') NOT GLOB '*[^0-9a-f]*'
                                     AND identifier LIKE '________-____-____-____-____________'),
  akasse                      TEXT    NOT NULL CHECK (akasse GLOB '[0-9][0-9]'),
  state                       TEXT    NOT NULL CHECK (state IN ('open', 'terminated', 'closed', 'rolled-back')),
  -- The codes that the a-kasse answered for when it opened it, as JSON: its own, and those it had taken over.
  koder                       TEXT    NOT NULL CHECK (json_type(koder) = 'array'),
  antal                       INTEGER NOT NULL CHECK (antal BETWEEN 0 AND 500),
  opened                      TEXT    NOT NULL,
  last_call                   TEXT    NOT NULL,
  -- When its beskeder were first handed out.
  fetched                     TEXT,
  ended                       TEXT,
  CHECK ((state = 'open') = (ended IS NULL)),
  CHECK (antal > 0 OR state = 'terminated')
) STRICT;

CREATE UNIQUE INDEX sequence_open_once ON sequence (akasse) WHERE state = 'open';
CREATE INDEX sequence_by_akasse ON sequence (akasse, sequence_nr);

CREATE TRIGGER sequence_is_never_replaced BEFORE INSERT ON sequence
WHEN EXISTS (SELECT 1 FROM sequence AS s WHERE s.identifier = NEW.identifier OR s.sequence_nr = NEW.sequence_nr)
  OR (NEW.state = 'open'
      AND EXISTS (SELECT 1 FROM sequence AS s WHERE s.akasse = NEW.akasse AND s.state = 'open'))
BEGIN
  SELECT RAISE(ABORT, 'sequence_is_never_replaced');
END;

-- It is terminated over exactly as many beskeder as it was opened over.
CREATE TRIGGER sequence_is_terminated_whole BEFORE UPDATE OF state ON sequence WHEN NEW.state = 'terminated'
BEGIN
  SELECT RAISE(ABORT, 'sequence_is_terminated_whole')
   WHERE OLD.antal <> (SELECT count(*) FROM sequence_besked AS h WHERE h.sequence_nr = OLD.sequence_nr);
END;

CREATE TRIGGER sequence_ends_once BEFORE UPDATE ON sequence WHEN OLD.state <> 'open'
BEGIN
  SELECT RAISE(ABORT, 'sequence_ends_once');
END;

CREATE TRIGGER sequence_never_says_something_else BEFORE UPDATE ON sequence
WHEN NEW.sequence_nr <> OLD.sequence_nr OR NEW.identifier <> OLD.identifier OR NEW.akasse <> OLD.akasse
  OR NEW.koder <> OLD.koder OR NEW.antal <> OLD.antal OR NEW.opened <> OLD.opened
  OR (OLD.fetched IS NOT NULL AND NEW.fetched IS NOT OLD.fetched)
BEGIN
  SELECT RAISE(ABORT, 'sequence_never_says_something_else');
END;

CREATE TRIGGER sequence_is_never_deleted BEFORE DELETE ON sequence
BEGIN
  SELECT RAISE(ABORT, 'sequence_is_never_deleted');
END;

-- What a sequence holds: decided when it is opened, and the same ever after.
CREATE TABLE sequence_besked (
  sequence_nr                 INTEGER NOT NULL REFERENCES sequence (sequence_nr),
  besked_nr                   INTEGER NOT NULL REFERENCES besked (besked_nr),
  personnummer                TEXT    NOT NULL,
  PRIMARY KEY (sequence_nr, besked_nr)
) STRICT, WITHOUT ROWID;

CREATE INDEX sequence_besked_by_besked ON sequence_besked (besked_nr, sequence_nr);
CREATE INDEX sequence_besked_by_personnummer ON sequence_besked (personnummer, sequence_nr);

CREATE TRIGGER sequence_besked_waits_in_the_queue BEFORE INSERT ON sequence_besked
WHEN NOT EXISTS (
  SELECT 1 FROM besked AS b
   WHERE b.besked_nr = NEW.besked_nr AND b.personnummer = NEW.personnummer
     AND b.modtager IS NOT NULL AND b.delivered IS NULL)
  OR NOT EXISTS (SELECT 1 FROM sequence AS s WHERE s.sequence_nr = NEW.sequence_nr AND s.state = 'open')
  -- Two a-kasser that have merged may each have one open: not over the same besked.
  OR EXISTS (
    SELECT 1 FROM sequence_besked AS h JOIN sequence AS s USING (sequence_nr)
     WHERE h.besked_nr = NEW.besked_nr AND s.state = 'open')
BEGIN
  SELECT RAISE(ABORT, 'sequence_besked_waits_in_the_queue');
END;

CREATE TRIGGER sequence_besked_is_never_changed BEFORE UPDATE ON sequence_besked
BEGIN
  SELECT RAISE(ABORT, 'sequence_besked_is_never_changed');
END;

-- What nobody has seen is forgotten when it is given back, so that opening and closing again and again costs a row each
-- time, and not five hundred.
CREATE TRIGGER sequence_besked_is_never_deleted BEFORE DELETE ON sequence_besked
WHEN NOT EXISTS (
  SELECT 1 FROM sequence AS s
   WHERE s.sequence_nr = OLD.sequence_nr AND s.state IN ('closed', 'rolled-back') AND s.fetched IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'sequence_besked_is_never_deleted');
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

-- Beskeder that an a-kasse has been handed, or may be at any moment, through whatever door: each door adds its own.
CREATE VIEW besked_handed_out AS SELECT DISTINCT besked_nr FROM sequence_besked;

-- When each a-kasse last called for its queue, refused or not.
CREATE TABLE queue_poll (
  akasse                      TEXT    NOT NULL PRIMARY KEY CHECK (akasse GLOB '[0-9][0-9]'),
  last_call                   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries about a sequence say which.
ALTER TABLE audit_entry ADD COLUMN sequence TEXT;
CREATE INDEX audit_entry_by_sequence ON audit_entry (sequence, seq) WHERE sequence IS NOT NULL;
