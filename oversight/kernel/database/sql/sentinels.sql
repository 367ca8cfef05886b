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

CREATE OR REPLACE VIEW sentinel.broken_guards AS
  SELECT tgrelid::regclass AS place, tgname::text AS guard, 'disabled' AS problem
    FROM pg_trigger WHERE tgname LIKE 'guard\_%' AND NOT tgisinternal AND tgenabled <> 'A'
  UNION ALL
  SELECT c.oid::regclass, 'row-level security', 'not forced'
    FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'tenant'
   WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity);
GRANT SELECT ON sentinel.broken_guards TO auditor;

CREATE OR REPLACE FUNCTION sentinel.after_command() RETURNS event_trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE broken record;
BEGIN
  INSERT INTO sentinel.structure_log (command, object, statement)
    SELECT command_tag, object_identity, left(current_query(), 10000) FROM pg_event_trigger_ddl_commands()
     WHERE schema_name IS DISTINCT FROM 'pg_temp';
  -- Guards are created first and enabled ALWAYS by the ALTER TABLE that follows, so only that command is judged, and only for
  -- the tables that it altered: one that a superuser left broken must not keep the owner from mending the others.
  IF tg_tag = 'ALTER TABLE' THEN
    SELECT b.* INTO broken FROM sentinel.broken_guards b
      JOIN pg_event_trigger_ddl_commands() c ON c.objid = b.place LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'the audit trail stays guarded: % of % would be %', broken.guard, broken.place, broken.problem
        USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION sentinel.after_drop() RETURNS event_trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone record;
BEGIN
  FOR gone IN SELECT * FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary LOOP
    INSERT INTO sentinel.structure_log (command, object, statement)
      VALUES (tg_tag, gone.object_identity, left(current_query(), 10000));
    IF gone.object_type IN ('trigger', 'policy') AND tg_tag <> 'DROP TABLE'
         AND gone.address_names[3] ~ '^(guard_.*|tenant|partner)$'
       OR gone.object_type IN ('table', 'table column') AND gone.address_names[2] ~ '_historical|^trail_(block|part)$'
       OR gone.object_type = 'schema' AND gone.object_name IN ('trail', 'access') THEN
      RAISE EXCEPTION 'the audit trail stays guarded: dropping % is refused', gone.object_identity
        USING ERRCODE = 'insufficient_privilege';
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION sentinel.after_command, sentinel.after_drop FROM PUBLIC;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'sentinel_after_command') THEN
    CREATE EVENT TRIGGER sentinel_after_command ON ddl_command_end EXECUTE FUNCTION sentinel.after_command();
    CREATE EVENT TRIGGER sentinel_after_drop ON sql_drop EXECUTE FUNCTION sentinel.after_drop();
    ALTER EVENT TRIGGER sentinel_after_command ENABLE ALWAYS;
    ALTER EVENT TRIGGER sentinel_after_drop ENABLE ALWAYS;
  END IF;
END $$;
