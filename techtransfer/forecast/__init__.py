"""The forecast of a programme's dates: read the plan, run the engine, write what moved."""

from .calendars import working_days
from .cascade import lock_programme, recascade
from .reasons import Reasons

__all__ = ["Reasons", "lock_programme", "recascade", "working_days"]
