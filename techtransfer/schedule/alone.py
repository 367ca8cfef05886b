"""One node under a what-if, all others left where they are."""

from collections.abc import Mapping
from typing import Any

from .dates import Dates
from .network import Network
from .nodes import Id
from .rules import evaluate


def dates_of(network: Network, dates: Dates, key: Id, values: Mapping[str, Any]) -> tuple[int, int]:
    """Start and finish of the node if its fields were `values`; what waits for it is not looked at."""
    [rule] = network.changed({key: values}).values()
    return evaluate(rule, dates.days, dates.status_date)
