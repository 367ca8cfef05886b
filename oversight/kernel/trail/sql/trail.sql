CREATE SCHEMA trail;
GRANT USAGE ON SCHEMA trail TO app, keeper, sealer, auditor;
GRANT CREATE ON SCHEMA trail TO keeper;

CREATE FUNCTION trail.cluster() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (SELECT system_identifier::text FROM pg_control_system());
-- Transaction ids start again when a dump is restored into a new cluster; trail.begin_incarnation() lifts them past the old.
CREATE FUNCTION trail.lift() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE RETURN 0::bigint;
-- Until it has, nothing is written: asked once a session, which then remembers it in a setting.
CREATE FUNCTION trail.know_cluster() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.trail_incarnation WHERE cluster = trail.cluster()) THEN
    RAISE EXCEPTION 'this database was restored into a new cluster, where the trail has not begun yet'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run migrate, or wait a minute for the first seal.';
  END IF;
  PERFORM set_config('trail.cluster_known', 'yes', false);
END $$;
GRANT SELECT ON public.trail_incarnation TO keeper;
CREATE FUNCTION trail.txid() RETURNS bigint LANGUAGE sql STABLE RETURN trail.lift() + pg_current_xact_id()::text::bigint;
-- Every transaction older than this has ended.
CREATE FUNCTION trail.settled() RETURNS bigint LANGUAGE sql STABLE
  RETURN trail.lift() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

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

-- Create a policy, or alter the one that stands: dropping it, even for a moment, is refused to everyone.
CREATE FUNCTION trail.set_policy(place regclass, name text, command text, role text, condition text, narrowing boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = place AND polname = name) THEN
    EXECUTE format('CREATE POLICY %I ON %s AS %s FOR %s TO %I USING (%s)', name, place,
      CASE WHEN narrowing THEN 'RESTRICTIVE' ELSE 'PERMISSIVE' END, command, role, condition);
  END IF;
  EXECUTE format('ALTER POLICY %I ON %s TO %I USING (%s)', name, place, role, condition)
    || CASE WHEN command = 'ALL' THEN format(' WITH CHECK (%s)', condition) ELSE '' END;
END $$;

-- What really stands on a table and its history: the drift check compares it with what was installed.
CREATE FUNCTION trail.fingerprint(place regclass, history regclass) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog
BEGIN ATOMIC
  SELECT encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM (
    SELECT format('%s %s %s', t.tgenabled, pg_get_triggerdef(t.oid), md5(p.prosrc)) FROM pg_trigger t
      JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid IN (place, history) AND NOT t.tgisinternal
    UNION ALL
    SELECT format('%s %s %s %s %s %s %s', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive,
                  (SELECT string_agg(r.rolname, ',' ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)),
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      FROM pg_policy p WHERE p.polrelid IN (place, history)
    UNION ALL
    SELECT format('%s %s %s', c.oid::regclass, c.relrowsecurity, c.relforcerowsecurity) FROM pg_class c
     WHERE c.oid IN (place, history)
  ) standing (line);
END;

-- The present cluster is new to this database: note it, and lift transaction ids above all that were ever given here.
CREATE FUNCTION trail.begin_incarnation() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE here text := trail.cluster(); above bigint; place text; latest bigint;
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
  EXECUTE format('CREATE OR REPLACE FUNCTION trail.lift() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE RETURN %s::bigint', above);
  INSERT INTO public.trail_incarnation (cluster, lift, began_at) VALUES (here, above, clock_timestamp());
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION trail.begin_incarnation, trail.set_policy FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail.begin_incarnation TO sealer;

SET LOCAL ROLE keeper;
-- The rows of one table that were written in the windows between `bounds` (transaction ids, rising): per window and tenant,
-- their keys, and their digests in one string. Window 1 is [bounds[1], bounds[2]).
CREATE FUNCTION trail.leaves(place text, key text, tenant text, bounds bigint[])
  RETURNS TABLE (slot integer, tenant_id bigint, keys bigint[], digests bytea) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT width_bucket(coalesce(history_txid, 0), $1), coalesce(%1$s, 0), array_agg(%2$I ORDER BY history_txid, %2$I),
            string_agg(sha256(convert_to(jsonb_strip_nulls(to_jsonb(h))::text, ''UTF8'')), NULL ORDER BY history_txid, %2$I)
       FROM public.%3$I h WHERE coalesce(history_txid, 0) >= $1[1] AND coalesce(history_txid, 0) < $1[cardinality($1)]
      GROUP BY 1, 2 ORDER BY 1, 2', tenant, key, place) USING bounds;
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
       FROM public.%2$I r
       FULL JOIN (SELECT DISTINCT ON (id) * FROM public.%3$I ORDER BY id, history_id DESC) n ON n.id = r.id
      WHERE CASE WHEN r.id IS NULL THEN n.history_type <> ''-''
                 WHEN n.id IS NULL OR n.history_type = ''-'' THEN true
                 ELSE (%4$s) IS DISTINCT FROM (%5$s) END', owner, place, history, present, newest);
END $$;
REVOKE ALL ON FUNCTION trail.leaves, trail.drifted FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail.leaves, trail.drifted TO sealer;
RESET ROLE;
SELECT trail.begin_incarnation();
