CREATE SCHEMA trail;
GRANT USAGE ON SCHEMA trail TO app, keeper, sealer, auditor;
GRANT CREATE ON SCHEMA trail TO keeper;

-- Transaction ids start again when a dump is restored into a new cluster; trail.begin_incarnation() lifts them past the old.
CREATE FUNCTION trail.lift() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT 0::bigint $$;
-- Until it has, nothing is written: asked once a session, which then remembers it in a setting.
CREATE FUNCTION trail.know_cluster() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.trail_incarnation WHERE cluster = (SELECT system_identifier::text FROM pg_control_system())) THEN
    RAISE EXCEPTION 'this database was restored into a new cluster, where the trail has not begun yet'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run migrate, or wait a minute for the first seal.';
  END IF;
  PERFORM set_config('trail.cluster_known', 'yes', false);
END $$;
GRANT SELECT ON public.trail_incarnation TO keeper;
CREATE FUNCTION trail.txid() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT trail.lift() + pg_current_xact_id()::text::bigint $$;
-- Every transaction older than this has ended.
CREATE FUNCTION trail.settled() RETURNS bigint LANGUAGE sql STABLE
  AS $$ SELECT trail.lift() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;

CREATE FUNCTION trail.unattributed(op text, place text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: it says not %', op, place,
    CASE WHEN coalesce(current_setting('app.actor', true), '') = '' THEN 'by whom' ELSE 'why: a change needs a reason' END
    USING ERRCODE = 'insufficient_privilege', HINT = 'with change(by=…, reason=…):';
END $$;

CREATE FUNCTION trail.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'insufficient_privilege';
END $$;

-- A version is counted for each change that the history keeps, and for nothing else: neither for one that a caller sets,
-- nor for a stale one that comes along with an update of nothing.
CREATE FUNCTION trail.count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
CREATE FUNCTION trail.keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version;
  RETURN NEW;
END $$;

CREATE FUNCTION trail.tell_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;

-- Create a policy, or alter the one that stands: dropping it, even for a moment, is refused to everyone.
CREATE FUNCTION trail.set_policy(place regclass, name text, command text, role text, condition text, narrowing boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE shown text := CASE WHEN command <> 'INSERT' THEN format(' USING (%s)', condition) ELSE '' END;
        written text := CASE WHEN command IN ('ALL', 'INSERT', 'UPDATE') THEN format(' WITH CHECK (%s)', condition) ELSE '' END;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = place AND polname = name) THEN
    EXECUTE format('CREATE POLICY %I ON %s AS %s FOR %s TO %I', name, place,
      CASE WHEN narrowing THEN 'RESTRICTIVE' ELSE 'PERMISSIVE' END, command, role) || shown || written;
  END IF;
  EXECUTE format('ALTER POLICY %I ON %s TO %I', name, place, role) || shown || written;
END $$;

-- What really stands on a table and its history: the drift check compares it with what was installed.
CREATE FUNCTION trail.fingerprint(place regclass, history regclass) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM (
    SELECT format('%s %s %s %s %s %s', t.tgenabled, pg_get_triggerdef(t.oid), md5(p.prosrc), p.prosecdef, p.proconfig,
                  pg_get_userbyid(p.proowner))
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid IN (place, history) AND NOT t.tgisinternal
    UNION ALL
    SELECT format('%s %s %s %s %s %s %s', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive,
                  (SELECT string_agg(r.rolname, ',' ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)),
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      FROM pg_policy p WHERE p.polrelid IN (place, history)
    UNION ALL
    SELECT format('%s %s %s %s', c.oid::regclass, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence) FROM pg_class c
     WHERE c.oid IN (place, history)
    UNION ALL
    SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
     WHERE conrelid = place AND contype = 'f' AND conname LIKE '%\_tenant'
    UNION ALL
    SELECT format('rule %s', rulename) FROM pg_rewrite WHERE ev_class IN (place, history)
    UNION ALL
    SELECT format('child %s', inhrelid::regclass) FROM pg_inherits WHERE inhparent IN (place, history)
  ) standing (line)
$$;

-- The present cluster is new to this database: note it, and lift transaction ids above all that were ever given here.
CREATE FUNCTION trail.begin_incarnation() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE here text := (SELECT system_identifier::text FROM pg_control_system()); above bigint; place text; latest bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('trail.seal'));
  IF EXISTS (SELECT FROM public.trail_incarnation WHERE cluster = here) THEN RETURN false; END IF;
  PERFORM set_config('app.migrating', 'on', true);  -- the owner, whose function this is, is held to a tenant otherwise
  SELECT coalesce(max(before), 0) INTO above FROM public.trail_block;
  FOR place IN SELECT format('%I.%I', table_schema, table_name) FROM information_schema.columns
                WHERE table_schema = 'public' AND column_name = 'history_txid' LOOP
    EXECUTE format('SELECT coalesce(max(history_txid), 0) FROM %s', place) INTO latest;
    above := greatest(above, latest + 1);
  END LOOP;
  above := greatest(above - pg_current_xact_id()::text::bigint, (SELECT coalesce(max(lift), 0) FROM public.trail_incarnation));
  EXECUTE format('CREATE OR REPLACE FUNCTION trail.lift() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $f$ SELECT %s::bigint $f$', above);
  INSERT INTO public.trail_incarnation (cluster, lift, began_at) VALUES (here, above, clock_timestamp());
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION trail.begin_incarnation, trail.set_policy FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail.begin_incarnation TO sealer;

SET LOCAL ROLE keeper;
-- The rows of one table that were written in the windows between `bounds` (transaction ids, rising): per window and tenant,
-- their keys, and their digests in one string. Window 1 is [bounds[1], bounds[2]). Nothing hides outside the scale: a bound of
-- 0 takes in all that is lower, one of 2^62 all that is higher.
CREATE FUNCTION trail.leaves(place text, key text, tenant text, bounds bigint[])
  RETURNS TABLE (slot integer, tenant_id bigint, keys bigint[], digests bytea) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT width_bucket(%1$s, $1), coalesce(%2$s, 0), array_agg(%3$I ORDER BY history_txid, %3$I),
            string_agg(sha256(convert_to(jsonb_strip_nulls(to_jsonb(h))::text, ''UTF8'')), NULL ORDER BY history_txid, %3$I)
       FROM ONLY public.%4$I h WHERE %5$s GROUP BY 1, 2 ORDER BY 1, 2',
    trail.placed(), tenant, key, place, trail.within(bounds)) USING bounds;
END $$;
CREATE FUNCTION trail.placed() RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT 'least(greatest(coalesce(history_txid, 0), 0), 4611686018427387903)' $$;
CREATE FUNCTION trail.within(bounds bigint[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN bounds[1] <= 0 THEN CASE WHEN bounds[cardinality(bounds)] >= 4611686018427387904 THEN 'true'
                ELSE '(history_txid < $1[cardinality($1)] OR history_txid IS NULL)' END
              WHEN bounds[cardinality(bounds)] >= 4611686018427387904 THEN 'history_txid >= $1[1]'
              ELSE 'history_txid >= $1[1] AND history_txid < $1[cardinality($1)]' END
$$;

-- The rows that say another time than that of their window: after its `latest` (the seal of its block), or a day and more before
-- its `earliest` (the seal of the block before: a transaction may have been open by then). Demo rows tell their own time.
CREATE FUNCTION trail.misdated(place text, tenant text, bounds bigint[], earliest timestamptz[], latest timestamptz[])
  RETURNS TABLE (tenant_id bigint, key bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT coalesce(%1$s, 0)::bigint, history_id FROM (SELECT *, width_bucket(%2$s, $1) AS slot FROM ONLY public.%3$I h WHERE %4$s) h
      WHERE history_source <> ''demo''
        AND (history_date < $2[slot] - interval ''1 day'' OR history_date > $3[slot] + interval ''5 minutes'')',
    tenant, trail.placed(), place, trail.within(bounds)) USING bounds, earliest, latest;
END $$;

-- After a migration: one version for each record in which it filled what its newest version has not (a new column's default).
-- Any other difference is none that a migration makes, and is left for verify_trail to name.
CREATE FUNCTION trail.note_upgrade(place text, history text, columns text[], reason text)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE names text := (SELECT string_agg(format('%I', c), ', ') FROM unnest(columns) c);
        newest text := (SELECT string_agg(format('n.%I', c), ', ') FROM unnest(columns) c);
        present text := (SELECT string_agg(format('r.%I', c), ', ') FROM unnest(columns) c);
        filled text := (SELECT string_agg(format('(n.%1$I IS NULL OR n.%1$I IS NOT DISTINCT FROM r.%1$I)', c), ' AND ') FROM unnest(columns) c);
        noted bigint;
BEGIN
  EXECUTE format(
    'INSERT INTO public.%2$I (%3$s, history_date, history_type, history_user_id, history_user_name, history_role, history_org,
                              history_tz, history_source, history_request, history_change_reason, history_txid)
     SELECT %5$s, clock_timestamp(), ''~'', NULL, ''Oversight'', ''system'', '''', ''UTC'', ''migration'', '''', $1, trail.txid()
       FROM ONLY public.%1$I r JOIN (SELECT DISTINCT ON (id) * FROM ONLY public.%2$I ORDER BY id, history_id DESC) n ON n.id = r.id
      WHERE (%5$s) IS DISTINCT FROM (%4$s) AND %6$s', place, history, names, newest, present, filled) USING reason;
  GET DIAGNOSTICS noted = ROW_COUNT;
  RETURN noted;
END $$;

-- The records whose present state is not their newest version, or that have no version, or whose newest version says deleted.
CREATE FUNCTION trail.drifted(place text, history text, tenant text, columns text[])
  RETURNS TABLE (tenant_id bigint, id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE newest text := (SELECT string_agg(format('n.%I', c), ', ') FROM unnest(columns) c);
        present text := (SELECT string_agg(format('r.%I', c), ', ') FROM unnest(columns) c);
        owner text := CASE WHEN tenant IS NULL THEN '0' ELSE format('coalesce(r.%1$I, n.%1$I, 0)', tenant) END;
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT (%1$s)::bigint, coalesce(r.id, n.id)
       FROM ONLY public.%2$I r
       FULL JOIN (SELECT DISTINCT ON (id) * FROM ONLY public.%3$I ORDER BY id, history_id DESC) n ON n.id = r.id
      WHERE CASE WHEN r.id IS NULL THEN n.history_type <> ''-''
                 WHEN n.id IS NULL OR n.history_type = ''-'' THEN true
                 ELSE (%4$s) IS DISTINCT FROM (%5$s) END', owner, place, history, present, newest);
END $$;
REVOKE ALL ON FUNCTION trail.leaves, trail.drifted, trail.misdated, trail.note_upgrade FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail.leaves, trail.drifted, trail.misdated TO sealer;
GRANT EXECUTE ON FUNCTION trail.note_upgrade TO owner;
RESET ROLE;
SELECT trail.begin_incarnation();
