-- One search over all records. What of a row can be found is an expression index on its own table (made after each migrate,
-- oversight/kernel/search/sources.py): nothing is copied, and nothing is late.
--
-- A lexeme begins with its door: `17` the staff of sponsor 17, `17/5` the partner 5 of that sponsor. So a question can meet
-- only lexemes of its own sponsor, and a partner's only what the partner may read of its own rows. After the door stands
-- what it is: `:` a word, `!` a word of the title, `#` a number in full, `~` the end of a number.
SET LOCAL ROLE keeper;

-- The words of a text: small letters, without accents, split at whatever is neither letter nor digit.
CREATE FUNCTION access.words(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_remove(string_to_array(regexp_replace(
           lower(regexp_replace(normalize(left(said, 60000), NFKD), '[\u0300-\u036f]+', '', 'g')),
           '[^0-9a-z\u00c0-\u1fff\u2c00-\u2fff\u3040-\U0010ffff]+', ' ', 'g'), ' '), '')
$$;

-- Capitals and digits of a number, nothing between them: `dev 26-0412` is DEV260412.
CREATE FUNCTION access.squeezed(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(regexp_replace(upper(number), '[^0-9A-Z]+', '', 'g'), 60)
$$;

-- By which endings people speak of a number: 260412, 0412, 412.
CREATE FUNCTION access.endings(number text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT DISTINCT ending FROM (VALUES
           (ltrim(access.squeezed(number), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')),
           (left(substring(number FROM '([0-9]+)[^0-9]*$'), 60)),
           (left(ltrim(substring(number FROM '([0-9]+)[^0-9]*$'), '0'), 60))) said (ending) WHERE ending <> '')
$$;

CREATE FUNCTION access.behind(door text, title text, body text, numbers text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT door || ':' || left(word, 60)
                 FROM unnest(access.words(concat_ws(' ', title, body, array_to_string(numbers, ' ')))) word)
      || ARRAY(SELECT door || '!' || left(word, 60) FROM unnest(access.words(title)) word)
      || ARRAY(SELECT door || '#' || access.squeezed(number) FROM unnest(numbers) number WHERE access.squeezed(number) <> '')
      || ARRAY(SELECT door || '~' || ending FROM unnest(numbers) number, unnest(access.endings(number)) ending)
$$;

-- What of a row can be found. Without a partner's text, no partner finds it.
CREATE FUNCTION access.lexemes(tenant bigint, cdmo bigint, title text, body text, numbers text[],
    partner_title text, partner_body text, partner_numbers text[]) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE found text[] := access.behind(tenant::text, title, body, numbers);
BEGIN
  IF cdmo IS NOT NULL THEN
    found := found || access.behind(tenant || '/' || cdmo, partner_title, partner_body, partner_numbers);
  END IF;
  RETURN array_to_tsvector(found);
END $$;

-- All of the words, each by its beginning; a single letter stands for itself. NULL: nothing to look for.
CREATE FUNCTION access.question(door text, words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(quote_literal(door || left(word, 60)) || CASE WHEN length(word) > 1 THEN ':*' ELSE '' END, ' & ')::tsquery
    FROM unnest(words[1:12]) word
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
  wall text;
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
    wall := CASE WHEN seen IS NULL OR source.about->>'cdmo' IS NULL THEN ''
                 ELSE format(' AND t.%I = ANY ($2)', source.about->>'cdmo') END;
    IF (source.about->>'said')::boolean THEN
      parts := parts || format('(SELECT %L, t.id, t.kind::text, t.record_id, 0 FROM public.%I t'
        ' WHERE t.tenant_id = $1 AND t.kind = ANY ($3)%s AND %s @@ $5 ORDER BY t.id DESC LIMIT $4)',
        source.relname, source.relname, wall, source.lexemes);
      CONTINUE;
    END IF;
    rows := format('(SELECT %L::text, t.id, %L::text, t.id, %%s FROM public.%I t WHERE t.tenant_id = $1%s AND %s @@ %%s'
      ' ORDER BY t.id DESC LIMIT $4)', source.relname, source.relname, source.relname, wall, replace(source.lexemes, '%', '%%'));
    IF number IS NOT NULL THEN parts := parts || format(rows, 3, '$7'); END IF;
    parts := parts || format(rows, 2, '$6') || format(rows, 1, '$5');
  END LOOP;
  IF parts <> '{}' THEN
    RETURN QUERY EXECUTE array_to_string(parts, ' UNION ALL ')
      USING access.tenant(), seen, kinds, most, words, title, number;
  END IF;
END $$;

REVOKE ALL ON FUNCTION access.find, access.question FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.find TO app;
RESET ROLE;
