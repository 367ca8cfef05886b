"""Why a date is what it is: the chain of drivers, walked back from a node."""

from dataclasses import dataclass

from .dates import Dates, Driver, driver_of
from .network import Network
from .nodes import Id
from .rules import lagged


@dataclass(frozen=True, slots=True)
class Step:
    """One node of a driving chain: which of its days drives the next, and what fixed that day."""

    id: Id
    side: str  # start or finish
    driver: Driver


def steps(network: Network, dates: Dates, key: Id) -> list[Step]:
    """The driving chain of a node's finish, from the first driver to the node itself."""
    chain = []
    place = 2 * network.at(key) + 1
    while True:
        cause = dates.causes(place // 2)[place % 2]
        chain.append(Step(network.ids[place // 2], "finish" if place % 2 else "start", driver_of(network, cause)))
        if cause.source is None:
            return chain[::-1]
        place = cause.source


def trace(network: Network, dates: Dates, key: Id) -> list[Id]:
    """The ids of the driving chain, in order."""
    return [step.id for step in steps(network, dates, key)]


def out_of_sequence(network: Network, dates: Dates) -> list[Id]:
    """What began or finished before its links allow, by the dates of those it should have waited for."""
    return [key for position, key in enumerate(network.ids) if _too_early(dates, position)]


def _too_early(dates: Dates, position: int) -> bool:
    rule = dates.rule(position)
    if not rule.begun:
        return False
    for links, actual in ((rule.begins, dates.days[2 * position]), (rule.ends, rule.node.actual_finish)):
        for source, lag, calendar, _ in links:
            if actual is not None and actual < lagged(dates.days[source], lag, calendar):
                return True
    return False
