-- What the transaction said about itself. Nothing said: refused.
CREATE SCHEMA access;
GRANT USAGE ON SCHEMA access TO app, keeper, sealer, auditor;
GRANT CREATE ON SCHEMA access TO keeper;

CREATE FUNCTION access.told(name text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE value text := current_setting('app.' || name, true);  -- '' once a transaction that set it has ended
BEGIN
  IF coalesce(value, '') = '' THEN
    RAISE EXCEPTION 'no % in this transaction', name USING ERRCODE = 'insufficient_privilege',
      HINT = 'Enter a scope first: a request, a TenantTask, or change(by=, reason=).';
  END IF;
  RETURN value;
END $$;

CREATE FUNCTION access.tenant() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  RETURN access.told('tenant')::bigint;

-- app.cdmo: '*' every CDMO (the sponsor's own staff), '17' a partner's own, '{17,23}' those granted to a narrowed member
-- of the staff. Unset refuses: forgetting it must not show a partner what the sponsor sees.
CREATE FUNCTION access.cdmos() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE left(access.told('cdmo'), 1)
           WHEN '*' THEN NULL
           WHEN '{' THEN access.told('cdmo')::bigint[]
           ELSE ARRAY[access.told('cdmo')::bigint]
         END;
CREATE FUNCTION access.cdmo() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE WHEN left(access.told('cdmo'), 1) NOT IN ('*', '{') THEN access.told('cdmo')::bigint END;

-- The owner, too, is held to one tenant, except in a session that says it migrates: adding a foreign key to a table under
-- FORCE ROW LEVEL SECURITY makes PostgreSQL read the rows through the policies of the owner.
CREATE FUNCTION access.migrating() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.migrating', true), '') = 'on';
