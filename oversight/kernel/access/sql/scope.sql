-- What the transaction said about itself. Nothing said: refused.
CREATE SCHEMA access;
GRANT USAGE ON SCHEMA access TO app, keeper, sealer, auditor;
GRANT CREATE ON SCHEMA access TO keeper;

CREATE FUNCTION access.untold(name text) RETURNS void LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RAISE EXCEPTION 'no % in this transaction', name USING ERRCODE = 'insufficient_privilege',
    HINT = 'Enter a scope first: a request, a TenantTask, or change(by=, reason=).';
END $$;

-- The policies ask these once a statement. A setting is '' once a transaction that set it has ended.
CREATE FUNCTION access.tenant() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE value text := coalesce(current_setting('app.tenant', true), '');
BEGIN
  IF value = '' THEN PERFORM access.untold('tenant'); END IF;
  RETURN value::bigint;
END $$;

-- app.cdmo: '*' every CDMO (the sponsor's own staff), '17' a partner's own, '{17,23}' those granted to a narrowed member
-- of the staff. Unset refuses: forgetting it must not show a partner what the sponsor sees.
CREATE FUNCTION access.cdmos() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE value text := coalesce(current_setting('app.cdmo', true), '');
BEGIN
  IF value = '' THEN PERFORM access.untold('cdmo'); END IF;
  RETURN CASE WHEN value = '*' THEN NULL WHEN left(value, 1) = '{' THEN value::bigint[] ELSE ARRAY[value::bigint] END;
END $$;
CREATE FUNCTION access.cdmo() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE value text := coalesce(current_setting('app.cdmo', true), '');
BEGIN
  IF value = '' THEN PERFORM access.untold('cdmo'); END IF;
  RETURN CASE WHEN value <> '*' AND left(value, 1) <> '{' THEN value::bigint END;
END $$;

-- The owner, too, is held to one tenant, except in a session that says it migrates: adding a foreign key to a table under
-- FORCE ROW LEVEL SECURITY makes PostgreSQL read the rows through the policies of the owner.
CREATE FUNCTION access.migrating() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('app.migrating', true), '') = 'on' $$;
