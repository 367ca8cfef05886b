"""Whether a page grows slower with the table: lists (P1, P2) and the audit trail (P6), each as a whole request."""

import re
from collections.abc import Iterator
from html import unescape

from .crowd import CDMOS, Crowd
from .race import Runner, Times, milliseconds, race_to
from .report import Row
from .visits import Visit, visitor

GOAL_LIST, GOAL_DEPTH, GOAL_TRAIL = 1.10, 1.3, 1.5
TURNS, SECONDS = 40, 5.0
SORTS = ("number", "due", "-due")
FILTERS = {
    "": "",
    "status": "&status=CLOSED",
    "open": "&status=open",
    "severity": "&severity=CRITICAL",
    "cdmo": "&cdmo={cdmo}",
    "open and severity": "&status=open&severity=MAJOR",
}
ASKED = {
    "": "",
    "who": "&who={person}",
    "organisation": "&org=Partner+00+AG",
    "kind": "&kind=deviations",
    "record": "&record=DEV-26-0000004",
    "action": "&action=%2B",
    "when": "&since=2024-11-01&until=2024-11-30",
    "why": "&reason=call+7",
    "field": "&kind=deviations&field=returned_count",
}


def figures(crowd: dict[str, Crowd]) -> Iterator[Row]:
    """P1 for each sort and filter, P2 for each sort, P6 for each filter; every row is judged."""
    many, few, some = crowd["million"], crowd["thousand"], crowd["ten-thousand"]
    visits = {each.rows: visitor(each.staff) for each in (many, few, some)}
    for sort in SORTS:
        for name, condition in FILTERS.items():
            asked = f"deviations/?sort={sort}{condition}"
            times = _race(visits, asked, GOAL_LIST, many=many, few=few)
            what = f"list by {sort}, filter {name or 'none'}: page at {many.rows:,} rows / at {few.rows:,}"
            yield _row(f"P1.{sort}.{name.replace(' ', '-') or 'all'}", what, times, GOAL_LIST)
    partners = {each.rows: visitor(each.partner) for each in (many, few)}
    for sort in SORTS:
        times = _race(partners, f"deviations/?sort={sort}", GOAL_LIST, many=many, few=few)
        what = f"a partner's list by {sort}: page at {many.rows:,} rows / at {few.rows:,}, one in {CDMOS} its own"
        yield _row(f"P1.{sort}.partner", what, times, GOAL_LIST)
    for sort in SORTS:
        yield _row(f"P2.{sort}", f"list by {sort}, {many.rows:,} rows: last page / first page",
                   depth(visits[many.rows], sort), GOAL_DEPTH)  # fmt: skip
    for name, condition in ASKED.items():
        what = f"audit trail, filter {name or 'none'}: page at {many.rows:,} versions / at {some.rows:,}"
        times = _race(visits, f"audit-trail/?{condition.lstrip('&')}", GOAL_TRAIL, many=many, few=some)
        yield _row(f"P6.{name or 'all'}", what, times, GOAL_TRAIL)


def depth(visit: Visit, sort: str) -> Times:
    """Seconds of the last page of a list, over those of the first."""
    turned = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    last = f"deviations/?sort={sort}&after={_cursor(visit(f'deviations/?sort={turned}'))}"
    assert 'rel="next"' not in visit(last).decode()
    return _judged(GOAL_DEPTH, lambda turn: visit(last), lambda turn: visit(f"deviations/?sort={sort}"))


def _judged(goal: float, many: Runner, few: Runner) -> Times:
    return race_to(goal, TURNS, "many", "few", warm_up=2, seconds=SECONDS, many=many, few=few)


def _cursor(first: bytes) -> str:
    """The key of the last line on a page, by which also the turned list goes on."""
    found = re.search(r"[?&]after=([\w-]+)", unescape(first.decode()))
    assert found
    return found[1]


def _race(visits: dict[int, Visit], asked: str, goal: float, *, many: Crowd, few: Crowd) -> Times:
    def path(crowd: Crowd) -> str:
        return asked.format(cdmo=crowd.cdmos[7], person=crowd.person)

    big, small = visits[many.rows], visits[few.rows]
    return _judged(goal, lambda turn: big(path(many)), lambda turn: small(path(few)))


def _row(name: str, figure: str, times: Times, goal: float) -> Row:
    return Row(name, figure, times["many"] / times["few"], goal=goal, beside=milliseconds(times))
