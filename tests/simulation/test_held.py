"""A hold is no work: what is left of a step that stands still is what was left when it began to stand."""

import numpy as np
import pytest

from techtransfer.forecast.plan import Plan, Step
from techtransfer.schedule.spread import table_of
from techtransfer.simulation import Posterior
from techtransfer.simulation.draws import _known

TODAY = 1000
PLAIN = {
    "id": 1, "number": "MS-00001", "calendar": "EVERY_DAY", "line": "", "status": "IN_PROGRESS", "duration": 40,
    "stopped": 0, "driver": "", "driver_id": 0, "driver_link": "", "hold_days": 0, "is_critical": False, "warning": "",
}  # fmt: skip


@pytest.mark.parametrize("held", [{}, {"actual_start": TODAY - 80, "held_since": TODAY - 60, "held_until": TODAY + 5}])
def test_twenty_of_forty_days_are_done_held_or_not(held: dict[str, int]) -> None:
    step = Step(**dict.fromkeys(Step._fields) | PLAIN | {"actual_start": TODAY - 20} | held)
    drawn = _known(Plan(TODAY, {1: step}, [], {}, {}, {}, {}), step, Posterior(0.0, 0.25, 20))
    assert abs(float(np.median(table_of(drawn))) - 20) < 1
