-- Run by a superuser, last: event triggers that stop even the owner from disabling or dropping the guards of the trail, and
-- write down every change of structure. Guards are the triggers named guard_…; a table is under row-level security if it has
-- the policy `tenant`.
CREATE SCHEMA IF NOT EXISTS sentinel;
GRANT USAGE ON SCHEMA sentinel TO auditor;

CREATE TABLE IF NOT EXISTS sentinel.structure_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text NOT NULL DEFAULT session_user,
  command text NOT NULL,
  object text,
  statement text
);
GRANT SELECT ON sentinel.structure_log TO auditor;

DROP VIEW IF EXISTS sentinel.broken_guards;
CREATE VIEW sentinel.broken_guards AS
  SELECT tgrelid::regclass AS place, tgname::text AS guard, 'disabled' AS problem
    FROM pg_trigger WHERE tgname LIKE 'guard\_%' AND NOT tgisinternal AND tgenabled <> 'A'
  UNION ALL
  SELECT c.oid::regclass, 'row-level security', 'not forced'
    FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'tenant'
   WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity);
GRANT SELECT ON sentinel.broken_guards TO auditor;

-- The columns of history as they were first seen: sealed rows depend on their names and types.
CREATE TABLE IF NOT EXISTS sentinel.history_column (
  place oid, number smallint, name text NOT NULL, type oid NOT NULL, PRIMARY KEY (place, number)
);

CREATE OR REPLACE FUNCTION sentinel.refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail stays guarded: %', what USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE FUNCTION sentinel.after_command() RETURNS event_trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE done record; broken record;
BEGIN
  FOR done IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE schema_name IS DISTINCT FROM 'pg_temp' LOOP
    INSERT INTO sentinel.structure_log (command, object, statement)
      VALUES (done.command_tag, done.object_identity, left(current_query(), 10000));
    IF tg_tag = 'ALTER TRIGGER' THEN
      PERFORM sentinel.refuse('renaming ' || done.object_identity || ' is refused');
    ELSIF tg_tag = 'ALTER POLICY' AND NOT EXISTS (SELECT FROM pg_policy WHERE oid = done.objid
            AND polname ~ '^(tenant|partner|owner|keeper|auditor|relay|staff_(insert|update|delete))$') THEN
      PERFORM sentinel.refuse('renaming ' || done.object_identity || ' is refused');
    ELSIF tg_tag = 'CREATE RULE' THEN
      PERFORM sentinel.refuse('rules are not used here');
    ELSIF tg_tag = 'ALTER FUNCTION' AND done.schema_name IN ('trail', 'access') THEN
      PERFORM sentinel.refuse('altering ' || done.object_identity || ' is refused');
    ELSIF tg_tag IN ('ALTER TABLE', 'CREATE TABLE') THEN
      -- Guards are created first and enabled ALWAYS by the ALTER TABLE that follows, so only that command is judged, and only
      -- for the tables that it altered: one that a superuser left broken must not keep the owner from mending the others.
      SELECT * INTO broken FROM sentinel.broken_guards WHERE place = done.objid LIMIT 1;
      IF FOUND AND tg_tag = 'ALTER TABLE' THEN
        PERFORM sentinel.refuse(format('%s of %s would be %s', broken.guard, broken.place, broken.problem));
      END IF;
      IF EXISTS (SELECT FROM pg_inherits i JOIN pg_trigger t ON t.tgrelid = i.inhparent AND t.tgname LIKE 'guard\_%'
                  WHERE i.inhrelid = done.objid) THEN
        PERFORM sentinel.refuse('no table inherits from a guarded one');
      END IF;
      PERFORM sentinel.keep_history(done.objid);
    END IF;
  END LOOP;
END $$;

-- A history table keeps its name, its schema, and its columns' names and types; a new column is empty in old versions.
CREATE OR REPLACE FUNCTION sentinel.keep_history(altered oid) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = altered AND tgname = 'guard_origin') THEN RETURN; END IF;
  IF EXISTS (SELECT FROM sentinel.history_column k LEFT JOIN pg_attribute a ON a.attrelid = k.place AND a.attnum = k.number
              WHERE k.place = altered AND (a.attname IS DISTINCT FROM k.name OR a.atttypid IS DISTINCT FROM k.type))
     OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = altered AND atthasmissing)
     OR NOT EXISTS (SELECT FROM pg_class WHERE oid = altered AND relnamespace = 'public'::regnamespace
                      AND relname LIKE '%\_historical%') THEN
    PERFORM sentinel.refuse(format('%s keeps its name, its columns and its old versions', altered::regclass));
  END IF;
  INSERT INTO sentinel.history_column SELECT attrelid, attnum, attname, atttypid FROM pg_attribute
    WHERE attrelid = altered AND attnum > 0 AND NOT attisdropped ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION sentinel.before_rewrite() RETURNS event_trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_event_trigger_table_rewrite_oid() AND tgname = 'guard_origin') THEN
    PERFORM sentinel.refuse('rewriting ' || pg_event_trigger_table_rewrite_oid()::regclass || ' is refused');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION sentinel.after_drop() RETURNS event_trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone record;
BEGIN
  FOR gone IN SELECT * FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary LOOP
    INSERT INTO sentinel.structure_log (command, object, statement)
      VALUES (tg_tag, gone.object_identity, left(current_query(), 10000));
    IF gone.object_type IN ('trigger', 'policy') AND gone.address_names[3] ~ '^(guard_.*|tenant|partner|staff_.*)$'
       OR gone.object_type = 'table constraint' AND gone.address_names[3] LIKE '%\_tenant'
       OR gone.object_type = 'table column' AND gone.address_names[2] ~ '_historical|^trail_(block|part)$'
       OR gone.object_type = 'schema' AND gone.object_name IN ('trail', 'access') THEN
      PERFORM sentinel.refuse(format('dropping %s is refused', gone.object_identity));
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION sentinel.after_command, sentinel.after_drop, sentinel.before_rewrite, sentinel.keep_history FROM PUBLIC;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'sentinel_after_command') THEN
    CREATE EVENT TRIGGER sentinel_after_command ON ddl_command_end EXECUTE FUNCTION sentinel.after_command();
    CREATE EVENT TRIGGER sentinel_after_drop ON sql_drop EXECUTE FUNCTION sentinel.after_drop();
    CREATE EVENT TRIGGER sentinel_before_rewrite ON table_rewrite EXECUTE FUNCTION sentinel.before_rewrite();
    ALTER EVENT TRIGGER sentinel_before_rewrite ENABLE ALWAYS;
    ALTER EVENT TRIGGER sentinel_after_command ENABLE ALWAYS;
    ALTER EVENT TRIGGER sentinel_after_drop ENABLE ALWAYS;
  END IF;
END $$;
