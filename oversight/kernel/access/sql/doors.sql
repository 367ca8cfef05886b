-- The closed list of functions that read across sponsors. The keeper, who cannot sign in, owns them; each answers only for
-- the person it is asked about.
SET LOCAL ROLE keeper;

CREATE FUNCTION access.valid_memberships(person bigint) RETURNS SETOF public.access_membership
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.* FROM public.access_membership m JOIN public.access_user u ON u.id = m.user_id
   WHERE m.user_id = person AND u.is_active
     AND m.valid_from <= (now() AT TIME ZONE u.time_zone)::date
     AND (m.valid_until IS NULL OR m.valid_until >= (now() AT TIME ZONE u.time_zone)::date)
$$;

-- Every sponsor that the person may enter now.
CREATE FUNCTION access.memberships_of(person bigint)
  RETURNS TABLE (membership bigint, sponsor text, sponsor_name text, role text, org text, cdmo bigint, valid_until date, demo boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id, s.slug, s.name, m.role, m.org, m.cdmo_id, m.valid_until, s.is_demo
    FROM access.valid_memberships(person) m JOIN public.access_sponsor s ON s.id = m.tenant_id
   ORDER BY s.name, m.org, m.id
$$;

-- The CDMOs that a narrowed member of the sponsor's staff was granted.
CREATE FUNCTION access.granted(tenant bigint, person bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(g.object_pk::bigint ORDER BY g.object_pk::bigint), '{}')
    FROM public.access_grant g JOIN public.django_content_type c ON c.id = g.content_type_id
   WHERE g.tenant_id = tenant AND g.user_id = person AND c.model = 'cdmo'
$$;

CREATE FUNCTION access.tell(tenant bigint, cdmo bigint, grants bigint[], name text, role text, org text, tz text, source text,
    request text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT set_config('app.tenant', tenant::text, true), set_config('app.cdmo', coalesce(cdmo::text, grants::text, '*'), true),
         set_config('app.actor', '', true), set_config('app.name', name, true), set_config('app.role', role, true),
         set_config('app.org', org, true), set_config('app.tz', tz, true), set_config('app.source', source, true),
         set_config('app.request', request, true), set_config('app.reason', '', true)
$$;

-- Find the person's membership at one sponsor and tell its scope, in one statement. No row: not a member.
-- `ambiguous`: several memberships on this side and none of them chosen; then nothing is told.
CREATE FUNCTION access.enter(person bigint, door text, partner boolean, chosen bigint, source text, request text,
    OUT ambiguous boolean, OUT tenant bigint, OUT sponsor_name text, OUT membership bigint, OUT name text, OUT role text,
    OUT org text, OUT cdmo bigint, OUT grants bigint[], OUT tz text, OUT demo boolean) RETURNS SETOF record
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
  IF NOT ambiguous THEN PERFORM access.tell(tenant, cdmo, grants, name, role, org, tz, source, request); END IF;
  RETURN NEXT;
END $$;

-- Find whose API key this is and tell the scope of its membership, in one statement. No row: nobody's, or one that opens
-- nothing any more. `elsewhere`: the path names another sponsor than the key's; then nothing is told.
CREATE FUNCTION access.enter_by_key(digest text, door text, request text,
    OUT elsewhere boolean, OUT key bigint, OUT writes boolean, OUT tenant bigint, OUT sponsor_name text, OUT membership bigint,
    OUT person bigint, OUT name text, OUT role text, OUT org text, OUT cdmo bigint, OUT grants bigint[], OUT tz text,
    OUT demo boolean) RETURNS SETOF record
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
    IF narrowed THEN grants := access.granted(tenant, person); END IF;
    PERFORM access.tell(tenant, cdmo, grants, name, role, org, tz, 'api', request);
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION access.valid_memberships, access.memberships_of, access.granted, access.tell, access.enter,
  access.enter_by_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.memberships_of, access.enter, access.enter_by_key TO app;
RESET ROLE;
