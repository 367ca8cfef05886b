"""What the runs say of each study, in whole numbers and days alone, so that the same runs are the same bytes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from techtransfer.forecast.days import date_of, day_of
from techtransfer.schedule.vectors import LINE

from .draws import HIGH, LOW
from .inputs import Inputs, Waiting

DRIVERS = 12
WEEK = 7
PERCENTILES = (50, 80, 90)


def result_of(
    inputs: Inputs, finish: Mapping[int, NDArray[np.int64]], on_chain: Mapping[int, Mapping[int, int]]
) -> dict[str, Any]:
    """The result as it is kept: of each study its days, chances, weeks and drivers, in counts of runs."""
    drawn = inputs.drawn
    return {
        "status_date": date_of(inputs.plan.today),
        "drawn": {
            "steps": drawn.steps,
            "by_default": drawn.by_default,
            "by_posterior": drawn.by_posterior,
            "holds": drawn.holds,
            "low_percent": round(LOW * 100),
            "high_percent": round(HIGH * 100),
        },
        "without_slot": [inputs.names[key][0] for key in inputs.unslotted],
        "studies": [_study(inputs, study, finish[study.step], on_chain[study.step]) for study in inputs.studies],
    }


def _study(inputs: Inputs, study: Waiting, finish: NDArray[np.int64], on_chain: Mapping[int, int]) -> dict[str, Any]:
    # Of an activity people call its last day the end; a moment is on its day.
    ends = np.sort(finish - (1 if inputs.plan.steps[study.step].duration else 0))
    undated = int(np.count_nonzero(ends >= LINE - 1))
    return {
        "id": study.id,
        "code": study.code,
        "step": study.step,
        "undated": undated,
        "percentiles": {f"p{percent}": percentile(ends, percent) for percent in PERCENTILES},
        "chances": {
            name: {"day": day, "runs": int(np.count_nonzero(ends <= day_of(day)))} for name, day in study.days.items()
        },
        "weeks": _weeks(ends[: len(ends) - undated]),
        "drivers": _drivers(inputs, study, on_chain),
    }


def percentile(ends: NDArray[np.int64], percent: int) -> date | None:
    """The nearest rank of sorted days: the first by which so many of a hundred runs have ended; None: they have not."""
    end = int(ends[-(-len(ends) * percent // 100) - 1])
    return date_of(end) if end < LINE - 1 else None


def _weeks(ends: NDArray[np.int64]) -> list[dict[str, Any]]:
    """How many runs end in each week, Monday to Sunday, from the first to the last such week."""
    if not len(ends):
        return []
    monday = int(ends[0]) - date_of(int(ends[0])).weekday()
    counts = np.bincount((ends - monday) // WEEK)
    return [{"from": date_of(monday + WEEK * place), "runs": int(count)} for place, count in enumerate(counts)]


def _drivers(inputs: Inputs, study: Waiting, on_chain: Mapping[int, int]) -> list[dict[str, Any]]:
    """The open steps that are most often on the chain that drives the study; the study's own moment always is."""
    open_steps = [
        (runs, key)
        for key, runs in on_chain.items()
        if key != study.step and inputs.plan.steps[key].actual_end is None and inputs.plan.steps[key].duration
    ]
    ranked = sorted(open_steps, key=lambda each: (-each[0], each[1]))[:DRIVERS]
    return [
        {"step": key, "number": inputs.names[key][0], "title": inputs.names[key][1], "runs": runs}
        for runs, key in ranked
    ]
