"""The record kinds of programmes: what is developed, its studies, its steps and what they wait for."""

from .alert import IMPACT_ALERT
from .check_in import CHECK_IN
from .early_warning import EARLY_WARNING
from .milestone import DEPENDENCY, MILESTONE, MILESTONE_STATUS
from .programme import MARKETS, PRODUCT, PROGRAMME
from .scenario import SCENARIO
from .site import CLOSURE, SLOT
from .study import BASELINE, STUDY

__all__ = [
    "BASELINE",
    "CHECK_IN",
    "CLOSURE",
    "DEPENDENCY",
    "EARLY_WARNING",
    "IMPACT_ALERT",
    "MARKETS",
    "MILESTONE",
    "MILESTONE_STATUS",
    "PRODUCT",
    "PROGRAMME",
    "SCENARIO",
    "SLOT",
    "STUDY",
]
