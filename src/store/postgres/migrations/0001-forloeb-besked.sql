-- The forløb as they stand, every version of them, and the besked each version owes.
--
-- Everything about a citizen has personnummer as the first column of its key, so that it can be spread over machines by
-- it. Three things are not about one citizen: forloeb_ejer, a directory by identifier; the numbers of the beskeder; and
-- the queue of an a-kasse (0004).
--
-- The rules are decided in 0005, enforced here a second time: what contradicts them cannot be written.

CREATE DOMAIN personnummer AS text COLLATE "C" CHECK (VALUE ~ '^[0-9]{10}$' AND VALUE <> '0000000000');
CREATE DOMAIN guid AS text COLLATE "C" CHECK (VALUE ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$');
CREATE DOMAIN akasse_kode AS text COLLATE "C" CHECK (VALUE ~ '^[0-9]{2}$');
-- A calendar date, which never meets a time zone.
CREATE DOMAIN dato AS date CHECK (VALUE BETWEEN '0001-01-01' AND '9999-12-31');
-- An instant in UTC with milliseconds, as text: what is hashed stays as it was hashed, and its order is that of time.
CREATE DOMAIN tidspunkt AS text COLLATE "C"
  CHECK (VALUE ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$');

-- Refuses what its trigger is about, in the trigger's name.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_NAME;
END $$;

-- A citizen of whom anything is known. Whoever changes something of a citizen locks this row first.
CREATE TABLE borger (
  personnummer                personnummer NOT NULL PRIMARY KEY
);

-- Waits until nobody else changes anything of the citizen; holds until the transaction ends.
CREATE FUNCTION lock_borger(p_personnummer text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM borger WHERE personnummer = p_personnummer FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO borger (personnummer) VALUES (p_personnummer) ON CONFLICT DO NOTHING;
    PERFORM 1 FROM borger WHERE personnummer = p_personnummer FOR UPDATE;
  END IF;
END $$;

-- Whose an identifier is, for ever.
CREATE TABLE forloeb_ejer (
  forloeb_id                  guid         NOT NULL PRIMARY KEY,
  personnummer                personnummer NOT NULL,
  UNIQUE (forloeb_id, personnummer)
);

CREATE TABLE forloeb (
  personnummer                personnummer NOT NULL REFERENCES borger,
  forloeb_id                  guid         NOT NULL,
  nr                          integer      NOT NULL CHECK (nr >= 1),
  version                     integer      NOT NULL CHECK (version >= 1),
  overgangsdato               dato,
  afgoerelsesdato             dato,
  ophoersdato                 dato,
  kompensationsafgoerelsesdato dato,
  PRIMARY KEY (personnummer, forloeb_id),
  UNIQUE (personnummer, nr),
  FOREIGN KEY (forloeb_id, personnummer) REFERENCES forloeb_ejer (forloeb_id, personnummer),
  CHECK ((overgangsdato IS NULL) = (afgoerelsesdato IS NULL)),
  CHECK (ophoersdato IS NULL OR (overgangsdato IS NOT NULL AND ophoersdato >= overgangsdato)),
  -- Two forløb of a citizen may not share a day (9434), also where two transactions write at the same time.
  CONSTRAINT forloeb_must_not_overlap
    EXCLUDE USING gist (personnummer WITH =, daterange(overgangsdato, ophoersdato, '[]') WITH &&)
    WHERE (overgangsdato IS NOT NULL)
);

-- A forløb begins with a decision, at version 1, and goes on one version at a time, with the same citizen.
CREATE TRIGGER forloeb_begins_with_a_decision BEFORE INSERT ON forloeb FOR EACH ROW
  WHEN (NEW.version <> 1 OR (NEW.overgangsdato IS NULL AND NEW.kompensationsafgoerelsesdato IS NULL))
  EXECUTE FUNCTION refuse();

CREATE TRIGGER forloeb_goes_on_one_version_at_a_time BEFORE UPDATE ON forloeb FOR EACH ROW
  WHEN (NEW.version <> OLD.version + 1 OR NEW.personnummer <> OLD.personnummer
        OR NEW.forloeb_id <> OLD.forloeb_id OR NEW.nr <> OLD.nr)
  EXECUTE FUNCTION refuse();

CREATE TRIGGER forloeb_is_never_deleted BEFORE DELETE ON forloeb FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER forloeb_is_never_emptied BEFORE TRUNCATE ON forloeb EXECUTE FUNCTION refuse();
CREATE TRIGGER forloeb_ejer_is_never_changed BEFORE UPDATE OR DELETE ON forloeb_ejer FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER forloeb_ejer_is_never_emptied BEFORE TRUNCATE ON forloeb_ejer EXECUTE FUNCTION refuse();

-- Every version, kept for ever. request_user_metadata is the header of the Save as JSON: the besked repeats it.
CREATE TABLE forloeb_version (
  personnummer                personnummer NOT NULL,
  forloeb_id                  guid         NOT NULL,
  version                     integer      NOT NULL CHECK (version >= 1),
  indberettet                 tidspunkt    NOT NULL,
  correlation_id              text         NOT NULL,
  overgangsdato               dato,
  afgoerelsesdato             dato,
  ophoersdato                 dato,
  kompensationsafgoerelsesdato dato,
  request_user_metadata       text         NOT NULL CHECK (request_user_metadata::json IS NOT NULL),
  PRIMARY KEY (personnummer, forloeb_id, version),
  FOREIGN KEY (personnummer, forloeb_id) REFERENCES forloeb (personnummer, forloeb_id)
);

-- A forløb stands at a version that is kept.
ALTER TABLE forloeb ADD FOREIGN KEY (personnummer, forloeb_id, version)
  REFERENCES forloeb_version (personnummer, forloeb_id, version) DEFERRABLE INITIALLY DEFERRED;

-- The forløb is written first; its version says the same.
CREATE FUNCTION check_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM forloeb AS f
    WHERE f.personnummer = NEW.personnummer AND f.forloeb_id = NEW.forloeb_id AND f.version = NEW.version
      AND f.overgangsdato IS NOT DISTINCT FROM NEW.overgangsdato
      AND f.afgoerelsesdato IS NOT DISTINCT FROM NEW.afgoerelsesdato
      AND f.ophoersdato IS NOT DISTINCT FROM NEW.ophoersdato
      AND f.kompensationsafgoerelsesdato IS NOT DISTINCT FROM NEW.kompensationsafgoerelsesdato;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER forloeb_version_is_what_the_forloeb_stands_at BEFORE INSERT ON forloeb_version FOR EACH ROW
  EXECUTE FUNCTION check_version();
CREATE TRIGGER forloeb_version_is_never_changed BEFORE UPDATE ON forloeb_version FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER forloeb_version_is_never_deleted BEFORE DELETE ON forloeb_version FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER forloeb_version_is_never_emptied BEFORE TRUNCATE ON forloeb_version EXECUTE FUNCTION refuse();

-- The outbox: one row for each version, with its recipient (modtager) or the reason why there is none yet. event_date is
-- the moment of queueing, so it is there exactly when the recipient is. The number is drawn while the citizen is locked:
-- in the order of the numbers a citizen's beskeder became visible, whatever came in between for others.
CREATE SEQUENCE besked_nr;

CREATE TABLE besked (
  personnummer                personnummer NOT NULL,
  besked_nr                   bigint       NOT NULL DEFAULT nextval('besked_nr'),
  message_identifier          guid         NOT NULL UNIQUE,
  forloeb_id                  guid         NOT NULL,
  version                     integer      NOT NULL,
  registration_type           text         NOT NULL CHECK (registration_type IN ('Create', 'Update')),
  modtager                    akasse_kode,
  modtager_aarsag             text COLLATE "C" NOT NULL,
  event_date                  tidspunkt,
  PRIMARY KEY (personnummer, besked_nr),
  CONSTRAINT besked_nr_once UNIQUE (besked_nr),
  UNIQUE (personnummer, forloeb_id, version),
  FOREIGN KEY (personnummer, forloeb_id, version)
    REFERENCES forloeb_version (personnummer, forloeb_id, version) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((registration_type = 'Create') = (version = 1)),
  CHECK ((modtager IS NULL) = (event_date IS NULL))
);

ALTER SEQUENCE besked_nr OWNED BY besked.besked_nr;

-- No version without the besked it owes.
ALTER TABLE forloeb_version ADD FOREIGN KEY (personnummer, forloeb_id, version)
  REFERENCES besked (personnummer, forloeb_id, version) DEFERRABLE INITIALLY DEFERRED;

-- The beskeder of a forløb by its identifier alone, for operators who know no more.
CREATE INDEX besked_by_forloeb ON besked (forloeb_id, version);
-- The beskeder that wait, by citizen and in order.
CREATE INDEX besked_that_waits ON besked (personnummer, besked_nr) WHERE modtager IS NULL;

CREATE TRIGGER besked_never_says_something_else BEFORE UPDATE ON besked FOR EACH ROW
  WHEN (NEW.besked_nr <> OLD.besked_nr OR NEW.message_identifier <> OLD.message_identifier
        OR NEW.forloeb_id <> OLD.forloeb_id OR NEW.version <> OLD.version OR NEW.personnummer <> OLD.personnummer
        OR NEW.registration_type <> OLD.registration_type)
  EXECUTE FUNCTION refuse();

-- The recipient is decided once: with the Save, or when a besked that waited is released.
CREATE TRIGGER besked_has_one_recipient_for_ever BEFORE UPDATE ON besked FOR EACH ROW
  WHEN (OLD.modtager IS NOT NULL
        AND (NEW.modtager IS DISTINCT FROM OLD.modtager OR NEW.modtager_aarsag <> OLD.modtager_aarsag
             OR NEW.event_date IS DISTINCT FROM OLD.event_date))
  EXECUTE FUNCTION refuse();

CREATE TRIGGER besked_is_never_deleted BEFORE DELETE ON besked FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER besked_is_never_emptied BEFORE TRUNCATE ON besked EXECUTE FUNCTION refuse();
