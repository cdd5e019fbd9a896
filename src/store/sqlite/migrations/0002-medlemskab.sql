-- The membership register: which citizen is or was a member of which a-kasse, as registered elsewhere.

CREATE TABLE medlemskab (
  personnummer   TEXT NOT NULL
                 CHECK (length(personnummer) = 10 AND personnummer NOT GLOB '*[^0-9]*' AND personnummer <> '0000000000'),
  akasse         TEXT NOT NULL CHECK (akasse GLOB '[0-9][0-9]'),
  start          TEXT NOT NULL CHECK (start IS date(start) AND start >= '0001-01-01'),
  slut           TEXT CHECK (slut IS date(slut) AND slut >= start),
  afgangsaarsag  TEXT CHECK (afgangsaarsag IN ('S', 'K', 'E', 'U', 'A', 'F', 'O', 'B', 'D')),
  efterloen      TEXT CHECK (efterloen IS date(efterloen) AND efterloen >= '0001-01-01'),
  tilbagekaldt   INTEGER NOT NULL CHECK (tilbagekaldt IN (0, 1)),
  PRIMARY KEY (personnummer, akasse, start)
) STRICT, WITHOUT ROWID;
