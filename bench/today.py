"""What Today costs over the statements that it sends (P5), and what its numbers cost over counting everything."""

import re
from collections.abc import Callable, Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from .crowd import Crowd
from .page import ask
from .race import milliseconds, race_to
from .report import Row
from .visits import beyond_transactions, visitor

GOAL, GOAL_COUNTED = 1.3, 0.12
TURNS, SECONDS = 60, 10.0
_CUT = re.compile(r" LIMIT 100(?=\) w)")  # each number stops at 99 and a bit


def figures(crowd: dict[str, Crowd]) -> Iterator[Row]:
    """At the sponsor with most deviations: the page over its statements, and its numbers over a full count."""
    many = crowd["million"]
    visit = visitor(many.staff)
    visit("")  # the first look is noted
    with CaptureQueriesContext(connection) as captured:
        visit("")
    sent = beyond_transactions([str(query["sql"]) for query in captured.captured_queries])
    runners = {"page": lambda turn: visit(""), "statements": lambda turn: ask(sent)}
    times = race_to(GOAL, TURNS, "page", "statements", warm_up=2, seconds=SECONDS, **runners)
    what = f"Today at {many.rows:,} deviations with their clocks / its {len(sent)} statements by a raw cursor"
    yield Row("P5", what, times["page"] / times["statements"], goal=GOAL, beside=milliseconds(times))
    yield _counted(sent, many)


def _counted(sent: list[str], many: Crowd) -> Row:
    """No number is kept beside the rows: each is counted from them, and no further than anybody reads."""
    scope, numbers = sent[:-1], next(sql for sql in sent if _CUT.search(sql))
    opening = [sql for sql in scope if "SET LOCAL" in sql or "access." in sql]
    runners: dict[str, Callable[[int], object]] = {
        "capped": lambda turn: ask([*opening, numbers]),
        "full": lambda turn: ask([*opening, _CUT.sub("", numbers)]),
    }
    times = race_to(GOAL_COUNTED, TURNS, "capped", "full", warm_up=0, seconds=SECONDS, **runners)
    what = f"the numbers of Today at {many.rows:,} deviations, none beyond 99 / counted to the end"
    return Row("P5.counts", what, times["capped"] / times["full"], goal=GOAL_COUNTED, beside=milliseconds(times))
