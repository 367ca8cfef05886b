"""What a page of the API costs, key, scope, policies and offered moves included, over bare REST framework (P4)."""

import json
from collections.abc import Iterator

from django.test.utils import override_settings

from .bare import here, make_plain_deviations
from .crowd import Crowd
from .race import milliseconds, race_to
from .report import Row
from .visits import asking, caller

GOAL = 0.60
TURNS = 150
PAGE = 100
OFFERED = {"transitions"}  # told by us alone: what the caller may do with each record


def figures(crowd: dict[str, Crowd]) -> Iterator[Row]:
    """One row: the same 100 deviations with the same fields, by either."""
    actor = crowd["thousand"].staff
    make_plain_deviations(actor.tenant)
    ours = caller(actor)
    with override_settings(MIDDLEWARE=[f"{here.__module__}.{here.__name__}"]):
        bare = asking("/")
    one, other = json.loads(ours(f"deviations/?limit={PAGE}")), json.loads(bare("deviations/"))
    assert len(one["results"]) == PAGE
    for told, plainly in zip(one["results"], other["results"], strict=True):
        assert {name: value for name, value in told.items() if name not in OFFERED} == plainly
    runners = {"ours": lambda turn: ours(f"deviations/?limit={PAGE}"), "bare": lambda turn: bare("deviations/")}
    times = race_to(GOAL, TURNS, "ours", "bare", **runners)
    figure = f"API list of {PAGE} deviations with key, scope and RLS / bare REST framework, same fields"
    yield Row("P4", figure, times["ours"] / times["bare"], goal=GOAL, beside=milliseconds(times))
