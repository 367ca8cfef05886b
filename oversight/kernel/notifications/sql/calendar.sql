-- One of the closed list of functions that read across sponsors: find whose calendar feed this is and tell the scope of that
-- membership, in one statement. No row: nobody's, or that of a membership that ended.
SET LOCAL ROLE keeper;
CREATE FUNCTION access.enter_by_calendar(digest text, request text,
    OUT tenant bigint, OUT sponsor text, OUT sponsor_name text, OUT membership bigint, OUT person bigint, OUT name text,
    OUT role text, OUT org text, OUT cdmo bigint, OUT grants bigint[], OUT tz text, OUT demo boolean,
    OUT demands text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE narrowed boolean;
BEGIN
  SELECT s.id, s.slug, s.name, m.id, u.id, u.name, m.role, m.org, m.cdmo_id, m.narrowed, u.time_zone, s.is_demo
    INTO tenant, sponsor, sponsor_name, membership, person, name, role, org, cdmo, narrowed, tz, demo
    FROM public.notifications_calendarkey k
    JOIN public.access_membership holder ON holder.id = k.membership_id AND holder.tenant_id = k.tenant_id
   CROSS JOIN LATERAL access.valid_memberships(holder.user_id) m
    JOIN public.access_sponsor s ON s.id = m.tenant_id
    JOIN public.access_user u ON u.id = m.user_id
   WHERE k.digest = enter_by_calendar.digest AND m.id = k.membership_id;
  IF NOT FOUND THEN RETURN; END IF;
  demands := access.demands(tenant, person);
  IF narrowed THEN grants := access.granted(tenant, person); END IF;
  PERFORM access.tell(tenant, cdmo, grants, name, role, org, tz, 'calendar', request);
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION access.enter_by_calendar FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.enter_by_calendar TO app;
RESET ROLE;
