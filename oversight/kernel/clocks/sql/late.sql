-- One of the closed list of functions that read across sponsors: which of them have a clock that ran out and is not noted
-- yet. It gives their keys alone; each is then entered by itself.
SET LOCAL ROLE keeper;
CREATE FUNCTION access.tenants_with_late_clocks(at timestamptz) RETURNS TABLE (tenant bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.id FROM public.access_sponsor s
   WHERE EXISTS (SELECT FROM public.clocks_clock c
                  WHERE c.tenant_id = s.id AND c.status = 'RUNNING' AND c.late_at IS NULL AND c.due_at < at)
   ORDER BY s.id
$$;
REVOKE ALL ON FUNCTION access.tenants_with_late_clocks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.tenants_with_late_clocks TO app;
RESET ROLE;
