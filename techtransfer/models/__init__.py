"""Programmes: what is developed, for which studies, by which steps at which partners, and when."""

from .baseline import Baseline, BaselineDate
from .check_in import CheckIn
from .closure import Closure
from .dependency import Dependency
from .early_warning import EarlyWarning
from .impact_alert import ImpactAlert
from .milestone import Milestone
from .plan_import import PlanImport
from .product import Product
from .programme import Programme
from .scenario import Scenario
from .simulation import Simulation, SimulationResult
from .slot import Slot
from .study import Study

__all__ = [
    "Baseline",
    "BaselineDate",
    "CheckIn",
    "Closure",
    "Dependency",
    "EarlyWarning",
    "ImpactAlert",
    "Milestone",
    "PlanImport",
    "Product",
    "Programme",
    "Scenario",
    "Simulation",
    "SimulationResult",
    "Slot",
    "Study",
]
