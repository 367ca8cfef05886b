"""How long a hold may take: what investigations of this partner took before, never zero."""

from dataclasses import dataclass

from batches.models import BatchHold
from batches.ports import PORTS
from oversight.kernel.access.scope import Actor

Basis = BatchHold.Basis
ENOUGH = 8  # investigations of a partner's own; below that, those of the whole network
DEFAULT_DAYS = 30  # where none is known: the days that the house gives to an investigation


@dataclass(frozen=True, slots=True)
class Estimate:
    """Calendar days from becoming aware to closure, how many cases they come from, and whose."""

    days_p50: int
    days_p80: int
    cases: int
    basis: str


def estimate(cdmo_id: int, *, by: Actor) -> Estimate:
    """The days that investigations of the CDMO took; `by` sees the sponsor's whole network.

    Percentiles are observed values: the nearest rank, type 1 of Hyndman and Fan (Sample Quantiles in Statistical
    Packages, The American Statistician 50, 1996).
    """
    own, network = PORTS.investigation_times(cdmo_id, by)
    for times, enough, basis in ((own, ENOUGH, Basis.PARTNER), (network, 1, Basis.NETWORK)):
        if times.cases >= enough:
            return Estimate(max(times.days_p50, 1), max(times.days_p80, 1), times.cases, basis.value)
    return Estimate(DEFAULT_DAYS, DEFAULT_DAYS, 0, Basis.DEFAULT.value)
