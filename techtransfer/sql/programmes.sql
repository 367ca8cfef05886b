-- One of the closed list of functions that read across sponsors: which of them have a programme under way. It gives their
-- keys alone; each is then entered by itself.
SET LOCAL ROLE keeper;
CREATE FUNCTION access.tenants_with_programmes() RETURNS TABLE (tenant bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.id FROM public.access_sponsor s
   WHERE EXISTS (SELECT FROM public.techtransfer_programme p WHERE p.tenant_id = s.id AND p.status = 'ACTIVE')
   ORDER BY s.id
$$;
REVOKE ALL ON FUNCTION access.tenants_with_programmes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.tenants_with_programmes TO app;
RESET ROLE;
