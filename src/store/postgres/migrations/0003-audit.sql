-- The audit trail: one entry for each call or command, with a number and a digest, and seals over batches of them.
--
-- Calls of several processes cannot give each other consecutive numbers without waiting for each other's disk. So an
-- entry comes into audit_intake first, in the transaction of what it tells of, and is as durable as that; and whoever
-- seals or reads the trail first gives what has come in its numbers and digests, and moves it to audit_entry.

-- In the order of the numbers the entries of one citizen's Saves came in, for each is drawn while the citizen is locked.
CREATE SEQUENCE audit_intake_nr;

CREATE TABLE audit_intake (
  nr                          bigint       NOT NULL PRIMARY KEY DEFAULT nextval('audit_intake_nr'),
  tidspunkt                   tidspunkt    NOT NULL,
  correlation_id              text         NOT NULL,
  operation                   text COLLATE "C",
  udfald                      text         NOT NULL CHECK (udfald IN ('udfoert', 'afvist')),
  fejlkode                    integer,
  certificate                 text,
  system                      text,
  active_organisation_type    integer,
  active_organisation_code    text,
  request_organisation_type   integer,
  request_organisation_code   text,
  user_full_name              text,
  user_type                   integer,
  user_identifier             text,
  personnummer                text COLLATE "C",
  forloeb_id                  text COLLATE "C",
  version                     integer,
  modtager                    text,
  modtager_aarsag             text,
  antal                       integer CHECK (antal >= 2),
  adresse                     text,
  detaljer                    text CHECK (detaljer IS NULL OR detaljer::json IS NOT NULL),
  sequence                    text COLLATE "C",
  CHECK ((udfald = 'afvist') = (fejlkode IS NOT NULL)),
  CHECK (antal IS NULL OR fejlkode IN (1101, 1012))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

ALTER SEQUENCE audit_intake_nr OWNED BY audit_intake.nr;

-- Lets an entry in.
CREATE FUNCTION take_entry(entry audit_intake) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  entry.nr := nextval('audit_intake_nr');
  INSERT INTO audit_intake VALUES (entry.*);
  IF NOT FOUND THEN -- a trigger that somebody has added can swallow a row without an error
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'audit_entry_must_be_kept';
  END IF;
END $$;

CREATE TABLE audit_entry (
  seq                         bigint       NOT NULL PRIMARY KEY CHECK (seq >= 1),
  tidspunkt                   text COLLATE "C" NOT NULL,
  correlation_id              text         NOT NULL,
  operation                   text COLLATE "C",
  udfald                      text         NOT NULL CHECK (udfald IN ('udfoert', 'afvist')),
  fejlkode                    integer,
  certificate                 text,
  system                      text,
  active_organisation_type    integer,
  active_organisation_code    text,
  request_organisation_type   integer,
  request_organisation_code   text,
  user_full_name              text,
  user_type                   integer,
  user_identifier             text,
  personnummer                text COLLATE "C",
  forloeb_id                  text COLLATE "C",
  version                     integer,
  modtager                    text,
  modtager_aarsag             text,
  antal                       integer CHECK (antal >= 2),
  adresse                     text,
  detaljer                    text CHECK (detaljer IS NULL OR detaljer::json IS NOT NULL),
  sequence                    text COLLATE "C",
  salt                        bytea CHECK (length(salt) = 16),
  digest                      bytea        NOT NULL CHECK (length(digest) = 32),
  -- Where it came from; nothing for one that came with a copy of a store.
  intake_nr                   bigint UNIQUE,
  CHECK ((udfald = 'afvist') = (fejlkode IS NOT NULL)),
  CHECK (antal IS NULL OR fejlkode IN (1101, 1012))
);

CREATE INDEX audit_entry_by_personnummer ON audit_entry (personnummer, seq) WHERE personnummer IS NOT NULL;
CREATE INDEX audit_entry_by_sequence ON audit_entry (sequence, seq) WHERE sequence IS NOT NULL;

-- How many entries and seals were ever written, kept apart from them. Whoever writes either locks its row first.
CREATE TABLE audit_counter (
  name                        text COLLATE "C" NOT NULL PRIMARY KEY CHECK (name IN ('audit_entry', 'audit_seal')),
  value                       bigint       NOT NULL CHECK (value >= 0)
);

INSERT INTO audit_counter (name, value) VALUES ('audit_entry', 0), ('audit_seal', 0);

CREATE TRIGGER audit_counter_only_grows BEFORE UPDATE ON audit_counter FOR EACH ROW
  WHEN (NEW.value <= OLD.value OR NEW.name <> OLD.name) EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_counter_is_never_deleted BEFORE DELETE ON audit_counter FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_counter_is_never_emptied BEFORE TRUNCATE ON audit_counter EXECUTE FUNCTION refuse();

-- Entries are numbered without a gap, and counted.
CREATE FUNCTION count_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted bigint;
  first bigint;
  last bigint;
  written bigint;
BEGIN
  SELECT min(seq), max(seq), count(*) INTO first, last, written FROM written_entries;
  IF written = 0 THEN
    RETURN NULL;
  END IF;
  SELECT value INTO counted FROM audit_counter WHERE name = 'audit_entry' FOR UPDATE;
  IF counted IS DISTINCT FROM first - 1 OR last - first + 1 <> written THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_NAME;
  END IF;
  UPDATE audit_counter SET value = last WHERE name = 'audit_entry';
  RETURN NULL;
END $$;

CREATE TRIGGER audit_entry_follows_the_last AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS written_entries
  FOR EACH STATEMENT EXECUTE FUNCTION count_entries();
CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION refuse();

-- What has come in leaves only as an entry.
CREATE FUNCTION check_intake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM left_intake AS i WHERE NOT EXISTS (SELECT 1 FROM audit_entry AS e WHERE e.intake_nr = i.nr);
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER audit_intake_becomes_an_entry AFTER DELETE ON audit_intake REFERENCING OLD TABLE AS left_intake
  FOR EACH STATEMENT EXECUTE FUNCTION check_intake();
CREATE TRIGGER audit_intake_is_never_changed BEFORE UPDATE ON audit_intake FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_intake_is_never_emptied BEFORE TRUNCATE ON audit_intake EXECUTE FUNCTION refuse();

-- A seal stands for a batch of entries and for the seal before it. `entries` has a line `seq digest` for each entry;
-- `indhold` is its SHA-256, and `hash` that of the line `nr tidspunkt forrige indhold`. Hashes are hexadecimal.
CREATE TABLE audit_seal (
  nr                          bigint       NOT NULL PRIMARY KEY CHECK (nr >= 1),
  tidspunkt                   text         NOT NULL,
  sidste                      bigint       NOT NULL,
  entries                     text         NOT NULL,
  forrige                     text         NOT NULL CHECK (length(forrige) = 64),
  indhold                     text         NOT NULL CHECK (length(indhold) = 64),
  hash                        text         NOT NULL CHECK (length(hash) = 64)
);

CREATE FUNCTION check_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  previous audit_seal;
BEGIN
  SELECT * INTO previous FROM audit_seal ORDER BY nr DESC LIMIT 1;
  UPDATE audit_counter SET value = NEW.nr WHERE name = 'audit_seal' AND value = NEW.nr - 1;
  IF NOT FOUND OR NEW.nr <> coalesce(previous.nr, 0) + 1 OR NEW.forrige <> coalesce(previous.hash, repeat('0', 64))
     OR NEW.sidste <= coalesce(previous.sidste, 0) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER audit_seal_follows_the_last BEFORE INSERT ON audit_seal FOR EACH ROW EXECUTE FUNCTION check_seal();
CREATE TRIGGER audit_seal_is_never_changed BEFORE UPDATE ON audit_seal FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_seal_is_never_deleted BEFORE DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_seal_is_never_emptied BEFORE TRUNCATE ON audit_seal EXECUTE FUNCTION refuse();

-- Refusals without an operation (1101, 1012) that a stranger can cause at will: counted here for one minute, durable
-- like everything else, and then one entry for all of them. `hvem` is the certificate, or the address.
CREATE TABLE audit_gathering (
  minut                       text COLLATE "C" NOT NULL,
  fejlkode                    integer      NOT NULL CHECK (fejlkode IN (1101, 1012)),
  hvem                        text COLLATE "C" NOT NULL,
  tidspunkt                   tidspunkt    NOT NULL,
  correlation_id              text         NOT NULL,
  certificate                 text,
  adresse                     text,
  antal                       integer      NOT NULL CHECK (antal >= 1),
  PRIMARY KEY (minut, fejlkode, hvem)
);

-- A row to write to, for whoever wants to know whether the database can be written to.
CREATE TABLE probe (
  nr                          integer      NOT NULL PRIMARY KEY CHECK (nr = 1)
);

INSERT INTO probe (nr) VALUES (1);

CREATE TRIGGER probe_is_never_deleted BEFORE DELETE ON probe FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER probe_is_never_emptied BEFORE TRUNCATE ON probe EXECUTE FUNCTION refuse();
