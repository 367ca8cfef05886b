-- The doors of doors.sql, which now also tell of whom the sponsor asks a second factor, if the person has none.
SET LOCAL ROLE keeper;
DROP FUNCTION access.enter(bigint, text, boolean, bigint, text, text);
DROP FUNCTION access.enter_by_key(text, text, text);

-- Whom the sponsor asks for a second factor (SIGNERS, EVERYBODY), for a person who has none; else nothing.
CREATE FUNCTION access.demands(sponsor bigint, person bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.second_factor FROM public.access_policy p
   WHERE p.tenant_id = sponsor AND p.second_factor <> 'NOBODY'
     AND NOT EXISTS (SELECT FROM public.mfa_authenticator a WHERE a.user_id = person AND a.type IN ('totp', 'webauthn'))
$$;

-- Find the person's membership at one sponsor and tell its scope, in one statement. No row: not a member.
-- `ambiguous`: several memberships on this side and none of them chosen; then nothing is told.
CREATE FUNCTION access.enter(person bigint, door text, partner boolean, chosen bigint, source text, request text,
    OUT ambiguous boolean, OUT tenant bigint, OUT sponsor_name text, OUT membership bigint, OUT name text, OUT role text,
    OUT org text, OUT cdmo bigint, OUT grants bigint[], OUT tz text, OUT demo boolean, OUT demands text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE narrowed boolean;
BEGIN
  SELECT count(*) OVER () > 1 AND m.id IS DISTINCT FROM chosen,
         s.id, s.name, m.id, u.name, m.role, m.org, m.cdmo_id, m.narrowed, u.time_zone, s.is_demo
    INTO ambiguous, tenant, sponsor_name, membership, name, role, org, cdmo, narrowed, tz, demo
    FROM access.valid_memberships(person) m
    JOIN public.access_sponsor s ON s.id = m.tenant_id AND s.slug = door
    JOIN public.access_user u ON u.id = m.user_id
   WHERE (m.cdmo_id IS NOT NULL) = partner
   ORDER BY (m.id = chosen) DESC NULLS LAST, m.id LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  IF narrowed THEN grants := access.granted(tenant, person); END IF;
  demands := access.demands(tenant, person);
  IF NOT ambiguous THEN PERFORM access.tell(tenant, cdmo, grants, name, role, org, tz, source, request); END IF;
  RETURN NEXT;
END $$;

-- Find whose API key this is and tell the scope of its membership, in one statement. No row: nobody's, or one that opens
-- nothing any more. `elsewhere`: the path names another sponsor than the key's; then nothing is told.
CREATE FUNCTION access.enter_by_key(digest text, door text, request text,
    OUT elsewhere boolean, OUT key bigint, OUT writes boolean, OUT tenant bigint, OUT sponsor_name text, OUT membership bigint,
    OUT person bigint, OUT name text, OUT role text, OUT org text, OUT cdmo bigint, OUT grants bigint[], OUT tz text,
    OUT demo boolean, OUT demands text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE narrowed boolean;
BEGIN
  SELECT s.slug <> door, k.id, k.writes, s.id, s.name, m.id, u.id, u.name, m.role, m.org, m.cdmo_id, m.narrowed, u.time_zone,
         s.is_demo
    INTO elsewhere, key, writes, tenant, sponsor_name, membership, person, name, role, org, cdmo, narrowed, tz, demo
    FROM public.api_apikey k
    JOIN public.access_membership holder ON holder.id = k.membership_id AND holder.tenant_id = k.tenant_id
   CROSS JOIN LATERAL access.valid_memberships(holder.user_id) m
    JOIN public.access_sponsor s ON s.id = m.tenant_id
    JOIN public.access_user u ON u.id = m.user_id
   WHERE k.digest = enter_by_key.digest AND k.revoked_at IS NULL AND k.expires_at > now() AND m.id = k.membership_id;
  IF NOT FOUND THEN RETURN; END IF;
  IF NOT elsewhere THEN
    demands := access.demands(tenant, person);
    IF narrowed THEN grants := access.granted(tenant, person); END IF;
    PERFORM access.tell(tenant, cdmo, grants, name, role, org, tz, 'api', request);
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION access.demands, access.enter, access.enter_by_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.enter, access.enter_by_key TO app;
RESET ROLE;
