-- What an import of the membership register needs: to know whether another one came first, and which beskeder wait.

-- Grows with each import that changes the register. An import decides what it will change before it takes the write
-- lock, and looks again when the generation is not the one it has looked at.
CREATE TABLE medlemskab_register (
  nr          INTEGER NOT NULL PRIMARY KEY CHECK (nr = 1),
  generation  INTEGER NOT NULL CHECK (generation >= 0)
) STRICT;

INSERT INTO medlemskab_register (nr, generation) VALUES (1, 0);

CREATE TRIGGER medlemskab_register_only_grows BEFORE UPDATE ON medlemskab_register
WHEN NEW.generation <= OLD.generation
BEGIN
  SELECT RAISE(ABORT, 'medlemskab_register_only_grows');
END;

CREATE TRIGGER medlemskab_register_is_never_deleted BEFORE DELETE ON medlemskab_register
BEGIN
  SELECT RAISE(ABORT, 'medlemskab_register_is_never_deleted');
END;

-- The beskeder that wait, by citizen and in order.
CREATE INDEX besked_that_waits ON besked (personnummer, besked_nr) WHERE modtager IS NULL;

-- The recipient is decided once: with the Save, or when a besked that waited is released.
CREATE TRIGGER besked_has_one_recipient_for_ever BEFORE UPDATE ON besked
WHEN OLD.modtager IS NOT NULL
 AND (NEW.modtager IS NOT OLD.modtager OR NEW.modtager_aarsag <> OLD.modtager_aarsag
      OR NEW.event_date IS NOT OLD.event_date)
BEGIN
  SELECT RAISE(ABORT, 'besked_has_one_recipient_for_ever');
END;
