-- The membership register: which citizen is or was a member of which a-kasse, as registered elsewhere.

CREATE TABLE medlemskab (
  personnummer                personnummer NOT NULL,
  akasse                      akasse_kode  NOT NULL,
  start                       dato         NOT NULL,
  slut                        dato CHECK (slut >= start),
  afgangsaarsag               text COLLATE "C" CHECK (afgangsaarsag IN ('S', 'K', 'E', 'U', 'A', 'F', 'O', 'B', 'D')),
  efterloen                   dato,
  tilbagekaldt                boolean      NOT NULL,
  PRIMARY KEY (personnummer, akasse, start)
);

-- Grows with each import that changes the register. An import decides what it will change before it locks anything, and
-- looks again when the generation is not the one it has looked at. Whoever locks many citizens locks this row first.
CREATE TABLE medlemskab_register (
  nr                          integer      NOT NULL PRIMARY KEY CHECK (nr = 1),
  generation                  bigint       NOT NULL CHECK (generation >= 0)
);

INSERT INTO medlemskab_register (nr, generation) VALUES (1, 0);

CREATE TRIGGER medlemskab_register_only_grows BEFORE UPDATE ON medlemskab_register FOR EACH ROW
  WHEN (NEW.generation <= OLD.generation) EXECUTE FUNCTION refuse();
CREATE TRIGGER medlemskab_register_is_never_deleted BEFORE DELETE ON medlemskab_register FOR EACH ROW
  EXECUTE FUNCTION refuse();
CREATE TRIGGER medlemskab_register_is_never_emptied BEFORE TRUNCATE ON medlemskab_register EXECUTE FUNCTION refuse();
