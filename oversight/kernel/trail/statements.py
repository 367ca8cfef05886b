"""The SQL of the guards, as templates: what the database itself upholds for an audited table and its history."""

from oversight.kernel.access.tenancy import Shape

# Where each column of a version that is not a column of the record comes from. The time is the loader's to tell, nobody
# else's, and what the loader writes says that it is a demo.
STAMP = {
    "history_date": "CASE WHEN session_user = 'loader' AND current_setting('app.at', true) <> ''"
    " THEN current_setting('app.at', true)::timestamptz ELSE clock_timestamp() END",
    "history_type": "CASE TG_OP WHEN 'INSERT' THEN '+' WHEN 'UPDATE' THEN '~' ELSE '-' END",
    "history_user_id": "nullif(current_setting('app.actor'), 'system')::bigint",
    "history_user_name": "coalesce(current_setting('app.name', true), '')",
    "history_role": "coalesce(current_setting('app.role', true), '')",
    "history_org": "coalesce(current_setting('app.org', true), '')",
    "history_tz": "coalesce(current_setting('app.tz', true), '')",
    "history_source": "CASE WHEN session_user = 'loader' THEN 'demo'"
    " ELSE coalesce(current_setting('app.source', true), '') END",
    "history_request": "coalesce(current_setting('app.request', true), '')",
    "history_change_reason": "btrim(coalesce(current_setting('app.reason', true), ''))",
    "history_txid": "trail.txid()",
}

# What a reason may not consist of alone: white space, and characters that nobody sees.
BLANKS = r"E' \t\n\r\f\u000b\u0085\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\u3000\ufeff'"

LOG = """
BEGIN
  IF coalesce(current_setting('app.actor', true), '') = ''
     OR TG_OP <> 'INSERT' AND btrim(coalesce(current_setting('app.reason', true), ''), {blanks}) = '' THEN
    PERFORM trail.unattributed(TG_OP, TG_TABLE_NAME);
  END IF;
  IF current_setting('trail.cluster_known', true) IS DISTINCT FROM 'yes' THEN
    PERFORM trail.know_cluster();
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO public."{history}" ({columns}, {stamp_names}) VALUES ({old_values}, {stamp_values});
  ELSE
    INSERT INTO public."{history}" ({columns}, {stamp_names}) VALUES ({new_values}, {stamp_values});
  END IF;
  RETURN NULL;
END """

# One command, since the sentinels judge after each: what stands is enabled together with row-level security.
SECURE = """
DO $mend$ BEGIN
  EXECUTE 'ALTER TABLE public."{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY' || coalesce((
    SELECT string_agg(format(', ENABLE ALWAYS TRIGGER %I', tgname), '') FROM pg_trigger
     WHERE tgrelid = 'public."{table}"'::regclass AND tgname LIKE 'guard\\_%'), '');
END $mend$;
"""

# The writer of the history is the keeper, who cannot sign in: nobody else holds the right to insert there.
TRAIL = """
GRANT SELECT, INSERT ON "{history}" TO keeper;
GRANT SELECT ({columns}) ON "{table}" TO keeper;
SET LOCAL ROLE keeper;
CREATE OR REPLACE FUNCTION trail."log_{table}"() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $log${body}$log$;
REVOKE ALL ON FUNCTION trail."log_{table}"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail."log_{table}"() TO owner;
RESET ROLE;
CREATE OR REPLACE TRIGGER guard_log AFTER INSERT OR DELETE ON "{table}" FOR EACH ROW
  EXECUTE FUNCTION trail."log_{table}"();
CREATE OR REPLACE TRIGGER guard_log_update AFTER UPDATE ON "{table}" FOR EACH ROW
  WHEN ({tracked_changed}) EXECUTE FUNCTION trail."log_{table}"();
CREATE OR REPLACE TRIGGER guard_identity BEFORE UPDATE ON "{table}" FOR EACH ROW
  WHEN ({identity_changed})
  EXECUTE FUNCTION trail.refuse('a record keeps its key, its tenant and its CDMO');
CREATE OR REPLACE TRIGGER guard_stale_version BEFORE UPDATE ON "{table}" FOR EACH ROW
  WHEN (OLD.version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION trail.keep_version();
CREATE OR REPLACE TRIGGER guard_version BEFORE UPDATE ON "{table}" FOR EACH ROW
  WHEN ({tracked_changed}) EXECUTE FUNCTION trail.count_version();
CREATE OR REPLACE TRIGGER guard_all BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION trail.refuse('records are permanent');
ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER guard_log, ENABLE ALWAYS TRIGGER guard_log_update,
  ENABLE ALWAYS TRIGGER guard_identity, ENABLE ALWAYS TRIGGER guard_stale_version,
  ENABLE ALWAYS TRIGGER guard_version, ENABLE ALWAYS TRIGGER guard_all;
"""
RECORD_GUARDS = frozenset(
    {"guard_log", "guard_log_update", "guard_identity", "guard_stale_version", "guard_version", "guard_all"}
)

APPEND_ONLY = """
CREATE OR REPLACE TRIGGER guard_row BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW
  EXECUTE FUNCTION trail.refuse('it is append-only');
CREATE OR REPLACE TRIGGER guard_all BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION trail.refuse('it is append-only');
ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER guard_row, ENABLE ALWAYS TRIGGER guard_all;
"""
APPEND_ONLY_GUARDS = frozenset({"guard_row", "guard_all"})

HISTORY = """
CREATE OR REPLACE TRIGGER guard_origin BEFORE INSERT ON "{table}" FOR EACH ROW WHEN (current_user <> 'keeper')
  EXECUTE FUNCTION trail.refuse('only the trail of the record writes it');
ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER guard_origin;
CREATE INDEX IF NOT EXISTS "{short}_versions" ON "{table}" ({lead}id, history_id DESC);
{streams}CREATE INDEX IF NOT EXISTS "{short}_txid" ON "{table}" USING brin (history_txid) WITH (autosummarize = on);
"""
# What the audit-trail page sorts by: the time, at the sponsor as a whole, by person, and by partner.
STREAM = """CREATE INDEX IF NOT EXISTS "{short}_{name}" ON "{table}" (tenant_id, {by}history_date, history_id);
"""
HISTORY_GUARDS = APPEND_ONLY_GUARDS | {"guard_origin"}

POLICY = """
SELECT trail.set_policy('public."{table}"', '{name}', '{command}', '{role}', $${condition}$$, {narrowing});
"""
OPEN = "true"
POLICIES = frozenset({"tenant", "partner", "owner", "keeper", "auditor", "relay"})
# On the tables that say who may see what, only those who see every CDMO may write.
STAFF_POLICIES = {f"staff_{command.lower()}": command for command in ("INSERT", "UPDATE", "DELETE")}
EVERY_CDMO = "(SELECT access.cdmos()) IS NULL"

SAME_TENANT = """
DO $same$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}' AND conrelid = 'public."{table}"'::regclass) THEN
    CREATE UNIQUE INDEX IF NOT EXISTS "{index}" ON "{parent}" ({parent_columns});
    ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY ({columns})
      REFERENCES "{parent}" ({parent_columns}) DEFERRABLE INITIALLY DEFERRED;
  END IF;
END $same$;
"""


LOGGED_TIME = """
CREATE OR REPLACE TRIGGER guard_time BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION trail.tell_time();
ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER guard_time;
"""


def policy(table: str, name: str, role: str, condition: str, *, command: str = "ALL", narrowing: bool = False) -> str:
    """One row-level policy; the same condition holds for what is read and for what is written."""
    return POLICY.format(table=table, name=name, command=command, role=role, condition=condition, narrowing=narrowing)


def streams(table: str, *, tenant_column: str | None, cdmo_column: str | None) -> str:
    """The indexes by which the versions of a sponsor's records are read as one stream."""
    if tenant_column != "tenant_id":
        return ""
    by = {"when": "", "who": "history_user_id, "} | ({"cdmo": "cdmo_id, "} if cdmo_column == "cdmo_id" else {})
    return "".join(STREAM.format(table=table, short=table[:50], name=name, by=key) for name, key in by.items())


def partner_condition(shape: Shape, cdmo_column: str | None, table: str, shared_column: str | None = None) -> str:
    """What a row must satisfy to be seen by an actor who may not see every CDMO."""
    within = "true"
    if cdmo_column:
        # CASE and not OR: the planner takes an OR for rare and may then choose an index by CDMO to sort by.
        within = (
            "CASE WHEN (SELECT access.cdmos()) IS NULL THEN true"
            f' ELSE "{cdmo_column}" = ANY ((SELECT access.cdmos())::bigint[]) END'
        )
    match shape:
        case Shape.PAIR if shared_column:
            return f'{within} AND ((SELECT access.cdmo()) IS NULL OR "{shared_column}")'
        case Shape.PAIR:
            return within
        case Shape.SPONSOR:
            return f"(SELECT access.cdmo()) IS NULL AND {within}"
        case Shape.SHARED:
            shared = f"SELECT s.record_id FROM public.access_share s WHERE s.kind = '{table}' AND NOT s.withdrawn"
            return f"CASE WHEN (SELECT access.cdmo()) IS NULL THEN {within} ELSE id IN ({shared}) END"
