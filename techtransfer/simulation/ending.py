"""How simulations end that gave no result: nobody makes them any more, or nobody looks at them any more."""

from django.db import connection

from oversight.kernel.access.scope import Actor

BROKEN = "Something went wrong on our side. Ask again; if it fails again, tell your administrator."
LEFT = "Nobody made these runs within an hour. Ask again; if it happens again, tell your administrator."
OF_OURS = frozenset({BROKEN, LEFT})  # sentences that name no step, which everybody may read

# Those of which the outbox has said that it tries no more, and those that should have been made an hour ago: the
# worker died of each of them, or there is none.
_GIVE_UP = """
UPDATE techtransfer_simulation s
   SET status = 'FAILED', done_at = clock_timestamp(), problem = CASE WHEN w.is_failed THEN %(broken)s ELSE %(left)s END
  FROM (SELECT u.id, u.due_at, EXISTS (SELECT FROM outbox_event e
                                        WHERE e.tenant_id = u.tenant_id AND e.kind = 'techtransfer_simulation'
                                          AND e.record_id = u.id AND e.name = 'simulation.asked' AND e.state = 'FAILED'
                                      ) AS is_failed
          FROM techtransfer_simulation u
         WHERE u.tenant_id = %(tenant)s AND u.status IN ('QUEUED', 'RUNNING')
           AND (%(programme)s::bigint IS NULL OR u.programme_id = %(programme)s)) w
 WHERE s.tenant_id = %(tenant)s AND s.id = w.id AND s.status IN ('QUEUED', 'RUNNING')
   AND (w.is_failed OR w.due_at < clock_timestamp() - interval '1 hour')
"""


def give_up(*, programme: int | None = None, by: Actor) -> int:
    """End those of a programme (None: of the sponsor) that nobody makes any more; answers how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_UP, {"tenant": by.tenant, "programme": programme, "left": LEFT, "broken": BROKEN})
        return int(cursor.rowcount)


def throw_away_old() -> int:
    """Throw away refreshes that another result has stood for since a week, at every sponsor; how many they were.

    What a person asked for stays, and so does every result: what was shown to somebody can be shown again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.throw_away_old_simulations()")
        return int(cursor.fetchone()[0])
