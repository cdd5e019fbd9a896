-- Save and Get, each as one function: lock, look, decide, write and answer in one round trip. They decide as domain/ does,
-- which is where the rules are explained; a test holds the two together.

-- The memberships of a citizen that count, each until its own end or the day before the next one, whichever is first.
CREATE FUNCTION gaeldende_medlemskaber(p_personnummer text)
RETURNS TABLE (akasse text, start date, slut date, efterloen date) LANGUAGE sql STABLE AS $$
  SELECT m.akasse, m.start, least(m.slut, lead(m.start) OVER (ORDER BY m.start, m.akasse) - 1), m.efterloen
    FROM medlemskab AS m WHERE m.personnummer = p_personnummer AND NOT m.tilbagekaldt;
$$;

-- The a-kasse that answers for a code today; p_afloesere says which has taken over which.
CREATE FUNCTION sidste_afloeser(p_akasse text, p_afloesere json) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(p_afloesere ->> p_akasse, p_akasse);
$$;

-- Who is told: the current a-kasse; else the latest previous one, where that membership has a date of efterløn.
CREATE FUNCTION find_modtager(p_personnummer text, p_idag date, p_afloesere json, OUT akasse text, OUT aarsag text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  medlemskab record;
BEGIN
  SELECT * INTO medlemskab FROM gaeldende_medlemskaber(p_personnummer) AS g
    WHERE g.start <= p_idag AND (g.slut IS NULL OR g.slut >= p_idag) ORDER BY g.start LIMIT 1;
  IF FOUND THEN
    akasse := sidste_afloeser(medlemskab.akasse, p_afloesere);
    aarsag := 'nuvaerende-akasse';
    RETURN;
  END IF;
  SELECT * INTO medlemskab FROM gaeldende_medlemskaber(p_personnummer) AS g
    WHERE g.slut < p_idag ORDER BY g.slut DESC, g.start DESC LIMIT 1;
  IF NOT FOUND THEN
    aarsag := 'intet-medlemskab';
  ELSIF medlemskab.efterloen IS NULL THEN
    aarsag := 'seneste-akasse-uden-efterloen';
  ELSE
    akasse := sidste_afloeser(medlemskab.akasse, p_afloesere);
    aarsag := 'seneste-akasse-med-efterloen';
  END IF;
END $$;

-- Whether a caller may read a citizen: all may be read, or as an a-kasse its own members, and its former ones for a time.
CREATE FUNCTION maa_laese(p_personnummer text, p_idag date, p_adgang json) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  nuvaerende text;
BEGIN
  IF p_adgang ->> 'omfang' = 'alle' THEN
    RETURN true;
  END IF;
  SELECT g.akasse INTO nuvaerende FROM gaeldende_medlemskaber(p_personnummer) AS g
    WHERE g.start <= p_idag AND (g.slut IS NULL OR g.slut >= p_idag) ORDER BY g.start LIMIT 1;
  IF FOUND THEN
    RETURN sidste_afloeser(nuvaerende, p_adgang -> 'afloesere') = p_adgang ->> 'akasse';
  END IF;
  RETURN EXISTS (
    SELECT 1 FROM gaeldende_medlemskaber(p_personnummer) AS g
     WHERE sidste_afloeser(g.akasse, p_adgang -> 'afloesere') = p_adgang ->> 'akasse' AND g.slut < p_idag
       AND g.slut + make_interval(months => (p_adgang ->> 'tidligereMaaneder')::integer) >= p_idag);
END $$;

-- Every forløb of a citizen as it stands, as JSON.
CREATE FUNCTION forloeb_af(p_personnummer text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT coalesce(json_agg(f), '[]') FROM (
    SELECT forloeb_id, nr, version, overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato
      FROM forloeb WHERE personnummer = p_personnummer) AS f;
$$;

-- SHA-256 of what a version says, with the identifier of its besked, as store/indhold.ts computes it.
CREATE FUNCTION indhold_digest(p_message_identifier text, version forloeb_version) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to('[' || array_to_string(ARRAY[
    to_json(p_message_identifier), to_json(version.forloeb_id::text), to_json(version.version),
    to_json(to_char(version.overgangsdato, 'YYYY-MM-DD')), to_json(to_char(version.afgoerelsesdato, 'YYYY-MM-DD')),
    to_json(to_char(version.ophoersdato, 'YYYY-MM-DD')),
    to_json(to_char(version.kompensationsafgoerelsesdato, 'YYYY-MM-DD')),
    to_json(version.indberettet::text), to_json(version.request_user_metadata)], ',', 'null') || ']', 'UTF8')), 'hex');
$$;

-- Judges an indberetning and, if it is accepted, keeps version, besked and audit entry together; else the entry alone.
-- p_forloeb_id is the identifier that it names, p_nyt_id the one it gets if it names none. With a refusal comes what it
-- was judged by; with an accepted one which forløb and version it has made, and who is told.
CREATE FUNCTION save_tidlig_pension(
  p_personnummer text, p_forloeb_id text, p_nyt_id text,
  p_overgangsdato date, p_afgoerelsesdato date, p_ophoersdato date, p_kompensationsafgoerelsesdato date,
  p_message_identifier text, p_indberettet text, p_metadata text, p_idag date, p_now text, p_afloesere json, p_entry json,
  OUT fejlkode integer, OUT ejer text, OUT forloeb json, OUT nr integer, OUT version integer
) LANGUAGE plpgsql AS $$
DECLARE
  id text := coalesce(p_forloeb_id, p_nyt_id);
  entry audit_intake := json_populate_record(NULL::audit_intake, p_entry);
  ny forloeb_version;
  hidtil forloeb;
  modtager record;
  seneste_besked text;
BEGIN
  PERFORM lock_borger(p_personnummer);
  SELECT e.personnummer INTO ejer FROM forloeb_ejer AS e WHERE e.forloeb_id = id;
  SELECT * INTO hidtil FROM forloeb AS f WHERE f.personnummer = p_personnummer AND f.forloeb_id = id;
  fejlkode := CASE
    WHEN ejer <> p_personnummer THEN 1014
    WHEN hidtil.version IS NULL AND p_overgangsdato IS NULL AND p_kompensationsafgoerelsesdato IS NULL THEN 1014
    WHEN p_ophoersdato < p_overgangsdato THEN 4636
    WHEN EXISTS (SELECT 1 FROM forloeb AS andet
                  WHERE andet.personnummer = p_personnummer AND andet.forloeb_id <> id
                    AND daterange(andet.overgangsdato, andet.ophoersdato, '[]')
                        && daterange(p_overgangsdato, p_ophoersdato, '[]')
                    AND andet.overgangsdato IS NOT NULL AND p_overgangsdato IS NOT NULL) THEN 9434
  END;
  IF fejlkode IS NULL AND hidtil.version IS NULL THEN
    -- Another citizen's Save may be taking the identifier at this moment: then this waits for it, and comes too late.
    INSERT INTO forloeb_ejer (forloeb_id, personnummer) VALUES (id, p_personnummer) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      fejlkode := 1014;
      SELECT e.personnummer INTO ejer FROM forloeb_ejer AS e WHERE e.forloeb_id = id;
    END IF;
  END IF;
  IF fejlkode IS NOT NULL THEN
    entry.udfald := 'afvist';
    entry.fejlkode := fejlkode;
    PERFORM take_entry(entry);
    forloeb := forloeb_af(p_personnummer);
    RETURN;
  END IF;

  nr := coalesce(hidtil.nr, (SELECT count(*) + 1 FROM forloeb AS f WHERE f.personnummer = p_personnummer));
  version := coalesce(hidtil.version, 0) + 1;
  IF version = 1 THEN
    INSERT INTO forloeb VALUES (p_personnummer, id, nr, version,
      p_overgangsdato, p_afgoerelsesdato, p_ophoersdato, p_kompensationsafgoerelsesdato);
  ELSE
    UPDATE forloeb AS f
       SET version = save_tidlig_pension.version, overgangsdato = p_overgangsdato, afgoerelsesdato = p_afgoerelsesdato,
           ophoersdato = p_ophoersdato, kompensationsafgoerelsesdato = p_kompensationsafgoerelsesdato
     WHERE f.personnummer = p_personnummer AND f.forloeb_id = id;
  END IF;
  ny := ROW(p_personnummer, id, version, p_indberettet, entry.correlation_id,
    p_overgangsdato, p_afgoerelsesdato, p_ophoersdato, p_kompensationsafgoerelsesdato, p_metadata);
  INSERT INTO forloeb_version VALUES (ny.*);

  modtager := find_modtager(p_personnummer, p_idag, p_afloesere);
  -- Never before that of an earlier besked of the citizen, which another machine's clock may have given.
  SELECT max(b.event_date) INTO seneste_besked FROM besked AS b WHERE b.personnummer = p_personnummer;
  INSERT INTO besked (message_identifier, forloeb_id, version, personnummer, registration_type,
                      modtager, modtager_aarsag, event_date)
  VALUES (p_message_identifier, id, version, p_personnummer, CASE version WHEN 1 THEN 'Create' ELSE 'Update' END,
          modtager.akasse, modtager.aarsag,
          CASE WHEN modtager.akasse IS NOT NULL THEN greatest(p_now COLLATE "C", seneste_besked) END);

  entry.forloeb_id := id;
  entry.version := version;
  entry.modtager := modtager.akasse;
  entry.modtager_aarsag := modtager.aarsag;
  entry.detaljer := '{"indhold":"' || indhold_digest(p_message_identifier, ny) || '"}';
  PERFORM take_entry(entry);
END $$;

-- Judges a reading, keeps its entry, and gives the forløb, or nothing where the caller may not read. Nothing of the
-- forløb is read before the verdict, so that a refusal takes the same time whatever there is.
CREATE FUNCTION get_tidlig_pension(p_personnummer text, p_idag date, p_adgang json, p_entry json, OUT forloeb json)
LANGUAGE plpgsql AS $$
DECLARE
  entry audit_intake := json_populate_record(NULL::audit_intake, p_entry);
  laeser boolean := maa_laese(p_personnummer, p_idag, p_adgang);
BEGIN
  IF NOT laeser THEN
    entry.udfald := 'afvist';
    entry.fejlkode := 4575;
  END IF;
  PERFORM take_entry(entry);
  IF laeser THEN
    forloeb := forloeb_af(p_personnummer);
  END IF;
END $$;
