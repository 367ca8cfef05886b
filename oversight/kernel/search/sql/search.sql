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

-- The records of these kinds (tables) that the transaction may find: their keys, by table and class (3 a number, 2 the title,
-- 1 any text, 0 said about it or attached to it), the newest first, at most `most` of each. One of the closed list of
-- functions that read past row-level security, under which no index serves a search: sponsor, CDMO and what a partner may
-- read are told by the scope, and by it alone.
CREATE FUNCTION access.find(sought text, kinds text[], most integer)
  RETURNS TABLE (place text, place_id bigint, kind text, record_id bigint, class integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  door text := access.tenant()::text || coalesce('/' || access.cdmo(), '');
  seen bigint[] := access.cdmos();
  key text := access.squeezed(sought);
  words tsquery := access.question(door || ':', access.words(sought));
  title tsquery := access.question(door || '!', access.words(sought));
  number tsquery := CASE WHEN key ~ '[0-9]' AND length(key) > 1
    THEN (quote_literal(door || '#' || key) || '|' || quote_literal(door || '~' || key))::tsquery END;
  source record;
  rows text;
  parts text[] := '{}';
BEGIN
  IF words IS NULL THEN RETURN; END IF;
  FOR source IN
    SELECT t.relname, pg_get_expr(i.indexprs, i.indrelid) AS lexemes, obj_description(i.indexrelid, 'pg_class')::jsonb AS about
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relnamespace = 'public'::regnamespace AND c.relname = left('search_' || t.relname, 63) AND i.indisvalid
       AND obj_description(i.indexrelid, 'pg_class') IS NOT NULL
     ORDER BY t.relname
  LOOP
    CONTINUE WHEN NOT (source.about->>'said')::boolean AND source.relname <> ALL (kinds);
    CONTINUE WHEN source.about->>'cdmo' IS NULL AND access.cdmo() IS NOT NULL;
    -- OFFSET 0: first what matches, by the index alone; then whose it is, once more than the door of the lexemes says it.
    rows := format('FROM (SELECT t.id, t.tenant_id, %s AS whose%s FROM public.%I t WHERE %s @@ $%%s OFFSET 0) t'
      ' WHERE t.tenant_id = $1 AND ($2 IS NULL OR %L OR t.whose = ANY ($2))',
      coalesce(quote_ident(source.about->>'cdmo'), 'NULL::bigint'),
      CASE WHEN (source.about->>'said')::boolean THEN ', t.kind, t.record_id' ELSE '' END,
      source.relname, replace(source.lexemes, '%', '%%'), source.about->>'cdmo' IS NULL);
    IF (source.about->>'said')::boolean THEN
      parts := parts || format('(SELECT %L, t.id, t.kind::text, t.record_id, 0 %s AND t.kind = ANY ($3)'
        ' ORDER BY t.id DESC LIMIT $4)', source.relname, format(rows, 5));
      CONTINUE;
    END IF;
    rows := format('(SELECT %L::text, t.id, %L::text, t.id, %%s %s ORDER BY t.id DESC LIMIT $4)',
      source.relname, source.relname, rows);
    IF number IS NOT NULL THEN parts := parts || format(rows, 3, 7); END IF;
    parts := parts || format(rows, 2, 6) || format(rows, 1, 5);
  END LOOP;
  IF parts <> '{}' THEN
    RETURN QUERY EXECUTE array_to_string(parts, ' UNION ALL ')
      USING access.tenant(), seen, kinds, most, words, title, number;
  END IF;
END $$;

REVOKE ALL ON FUNCTION access.find, access.question FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.find TO app;
RESET ROLE;
