"""How long investigations took: the port by which holds of batches are estimated."""

from django.db import connection

from batches.ports import Times
from oversight.kernel.access.scope import Actor
from quality.models import Deviation

# PERCENTILE_DISC is the nearest rank: the first observed value whose position is at or beyond the fraction. Those of
# the partner and those of the network come from one reading of the closed deviations.
_TIMES = """
WITH taken AS (
    SELECT cdmo_id, (closed_at AT TIME ZONE 'UTC')::date - (aware_at AT TIME ZONE 'UTC')::date AS days
    FROM quality_deviation WHERE tenant_id = %s AND status = %s
)
SELECT count(*) FILTER (WHERE cdmo_id = %s),
       percentile_disc(ARRAY[0.5, 0.8]) WITHIN GROUP (ORDER BY days) FILTER (WHERE cdmo_id = %s),
       count(*),
       percentile_disc(ARRAY[0.5, 0.8]) WITHIN GROUP (ORDER BY days)
FROM taken
"""


def investigation_times(cdmo: int, actor: Actor) -> tuple[Times, Times]:
    """The closed deviations of the CDMO, and those of every CDMO in the actor's sight."""
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, [actor.tenant, Deviation.Status.CLOSED, cdmo, cdmo])
        own, own_days, network, network_days = cursor.fetchone()
    return Times(own, *(own_days or ())), Times(network, *(network_days or ()))
