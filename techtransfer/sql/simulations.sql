-- One of the closed list of functions that reach across sponsors: it throws away the refreshes of simulations that another
-- result has stood for since seven days, whosoever they are, and says how many there were. What a person asked for stays,
-- as does the newest result of a programme; of a row it reads no more than that takes. Results are not touched.
SET LOCAL ROLE keeper;
CREATE FUNCTION access.throw_away_old_simulations() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH standing AS (
    SELECT tenant_id, programme_id, max(id) AS id FROM public.techtransfer_simulation
     WHERE status = 'DONE' AND done_at < now() - interval '7 days' GROUP BY tenant_id, programme_id
  ), gone AS (
    DELETE FROM public.techtransfer_simulation s USING standing n
     WHERE s.tenant_id = n.tenant_id AND s.programme_id = n.programme_id AND s.id < n.id
       AND s.why = 'CASCADE' AND s.status IN ('DONE', 'FAILED') AND s.done_at < now() - interval '7 days'
    RETURNING s.id
  )
  SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION access.throw_away_old_simulations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.throw_away_old_simulations TO app;
RESET ROLE;
