SET LOCAL ROLE keeper;

-- The records of these kinds (tables) that the transaction may find: their keys, by table and class (3 a number, 2 the title,
-- 1 any text, 0 said about it or attached to it), the newest first, at most `most` of each. One of the closed list of
-- functions that read past row-level security, under which no index serves a search: sponsor, CDMO and what a partner may
-- read are told by the scope, and by it alone. What one person keeps to themself (`own`) only `person` finds; NULL: the
-- system, from which nothing is kept.
DROP FUNCTION IF EXISTS access.find(text, text[], integer);
CREATE OR REPLACE FUNCTION access.find(sought text, kinds text[], most integer, person bigint)
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
  kept text := 'true';
  rows text;
  parts text[] := '{}';
BEGIN
  IF words IS NULL THEN RETURN; END IF;
  -- What is said about a record that one person keeps to themself is found by that person.
  SELECT coalesce(string_agg(format('(t.kind <> %L OR $8 IS NULL OR EXISTS (SELECT FROM public.%I r WHERE r.tenant_id = $1'
      ' AND r.id = t.record_id AND (r.%I OR r.%I = $8)))', t.relname, t.relname, a.about->>'opened', a.about->>'author'), ' AND '), 'true')
    INTO kept
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
   CROSS JOIN LATERAL (SELECT obj_description(i.indexrelid, 'pg_class')::jsonb AS about) a
   WHERE t.relnamespace = 'public'::regnamespace AND c.relname = left('search_' || t.relname, 63)
     AND a.about->>'author' IS NOT NULL;
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
    rows := format('FROM (SELECT t.id, t.tenant_id, %s AS whose, %s AS is_open%s FROM public.%I t WHERE %s @@ $%%s OFFSET 0) t'
      ' WHERE t.tenant_id = $1 AND ($2 IS NULL OR %L OR t.whose = ANY ($2)) AND t.is_open',
      coalesce(quote_ident(source.about->>'cdmo'), 'NULL::bigint'),
      CASE WHEN source.about->>'author' IS NULL THEN 'true'
        ELSE format('($8 IS NULL OR t.%I OR t.%I = $8)', source.about->>'opened', source.about->>'author') END,
      CASE WHEN (source.about->>'said')::boolean THEN ', t.kind, t.record_id' ELSE '' END,
      source.relname, replace(source.lexemes, '%', '%%'), source.about->>'cdmo' IS NULL);
    IF (source.about->>'said')::boolean THEN
      parts := parts || format('(SELECT %L, t.id, t.kind::text, t.record_id, 0 %s AND t.kind = ANY ($3)'
        ' AND %s ORDER BY t.id DESC LIMIT $4)', source.relname, format(rows, 5), kept);
      CONTINUE;
    END IF;
    rows := format('(SELECT %L::text, t.id, %L::text, t.id, %%s %s ORDER BY t.id DESC LIMIT $4)',
      source.relname, source.relname, rows);
    IF number IS NOT NULL THEN parts := parts || format(rows, 3, 7); END IF;
    parts := parts || format(rows, 2, 6) || format(rows, 1, 5);
  END LOOP;
  IF parts <> '{}' THEN
    RETURN QUERY EXECUTE array_to_string(parts, ' UNION ALL ')
      USING access.tenant(), seen, kinds, most, words, title, number, person;
  END IF;
END $$;

REVOKE ALL ON FUNCTION access.find FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.find TO app;
RESET ROLE;
