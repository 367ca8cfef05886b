-- One of the closed list of functions that reach across sponsors: it throws away the drafts that nobody has touched for
-- thirty days, whosoever they are, reads nothing of them but their age and says how many there were.
SET LOCAL ROLE keeper;
CREATE FUNCTION access.throw_away_old_drafts() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (DELETE FROM public.records_draft WHERE saved_at < now() - interval '30 days' RETURNING saved_at)
  SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION access.throw_away_old_drafts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.throw_away_old_drafts TO app;
RESET ROLE;
