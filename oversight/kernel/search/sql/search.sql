-- One search over all records. What of a row can be found is an expression index on its own table (made after each migrate,
-- oversight/kernel/search/sources.py): nothing is copied, and nothing is late.
--
-- A lexeme begins with its door: `17` the staff of sponsor 17, `17/5` the partner 5 of that sponsor. So a question can meet
-- only lexemes of its own sponsor, and a partner's only what the partner may read of its own rows. After the door stands
-- what it is: `:` a word, `!` a word of the title, `#` a number in full, `~` the end of a number.
SET LOCAL ROLE keeper;

-- The words of a text: small letters, without accents, split at whatever is neither letter nor digit, with a space between.
CREATE FUNCTION access.words(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  said := lower(left(said, 60000));
  IF octet_length(said) <> length(said) THEN
    said := lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]+', '', 'g'));
  END IF;
  said := btrim(regexp_replace(said, '[^0-9a-z\u00c0-\u1fff\u2c00-\u2fff\u3040-\U0010ffff]+', ' ', 'g'));
  RETURN regexp_replace(said, '([^ ]{60})[^ ]+', '\1', 'g');
END $$;

-- Capitals and digits of a number, nothing between them: `dev 26-0412` is DEV260412.
CREATE FUNCTION access.squeezed(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(regexp_replace(upper(number), '[^0-9A-Z]+', '', 'g'), 60)
$$;

-- By which endings people speak of a number: 260412, 0412, 412.
CREATE FUNCTION access.endings(number text, key text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE last text := left(coalesce(substring(number FROM '([0-9]+)[^0-9]*$'), ''), 60);
BEGIN
  RETURN array_remove(ARRAY[ltrim(key, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), last, ltrim(last, '0')], '');
END $$;

CREATE FUNCTION access.behind(door text, words text, titled text, numbers text[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE found text[] := '{}'; number text; key text; ending text;
BEGIN
  IF words <> '' THEN found := string_to_array(door || ':' || replace(words, ' ', ' ' || door || ':'), ' '); END IF;
  IF titled <> '' THEN found := found || string_to_array(door || '!' || replace(titled, ' ', ' ' || door || '!'), ' '); END IF;
  FOREACH number IN ARRAY numbers LOOP
    key := access.squeezed(number);
    CONTINUE WHEN coalesce(key, '') = '';
    found := found || (door || '#' || key);
    FOREACH ending IN ARRAY access.endings(number, key) LOOP found := found || (door || '~' || ending); END LOOP;
  END LOOP;
  RETURN found;
END $$;

-- What of a row can be found. Without a partner's text, no partner finds it. The cost keeps the planner to the index.
CREATE FUNCTION access.lexemes(tenant bigint, cdmo bigint, title text, body text, numbers text[],
    partner_title text, partner_body text, partner_numbers text[]) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
DECLARE
  titled text := access.words(title);
  words text := concat_ws(' ', titled, access.words(body), access.words(array_to_string(numbers, ' ')));
  found text[] := access.behind(tenant::text, words, titled, numbers);
BEGIN
  IF cdmo IS NOT NULL THEN
    IF partner_title IS DISTINCT FROM title OR partner_body IS DISTINCT FROM body OR partner_numbers <> numbers THEN
      titled := access.words(partner_title);
      words := concat_ws(' ', titled, access.words(partner_body), access.words(array_to_string(partner_numbers, ' ')));
    END IF;
    found := found || access.behind(tenant || '/' || cdmo, btrim(words), titled, partner_numbers);
  END IF;
  RETURN array_to_tsvector(array_remove(found, ''));
END $$;

-- All of the words, each by its beginning; a single letter stands for itself. NULL: nothing to look for.
CREATE FUNCTION access.question(door text, words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(quote_literal(door || word) || CASE WHEN length(word) > 1 THEN ':*' ELSE '' END, ' & ')::tsquery
    FROM (SELECT word FROM unnest(string_to_array(words, ' ')) word WHERE word <> '' LIMIT 12) asked
$$;

REVOKE ALL ON FUNCTION access.question FROM PUBLIC;
RESET ROLE;
