"""A plan as JSON says it, and the answer as JSON says it: reading is strict, and every refusal names what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from .backward import backward
from .calendar import Calendar
from .errors import CycleError, ScheduleError
from .forward import forward
from .network import Network, compile_network
from .nodes import CHANGEABLE, Link, Node
from .trace import trace

LARGEST = 1_000_000_000  # of any number in a plan
PLAN = {"status_date", "nodes", "links", "calendars", "due", "changes"}
Read = Callable[[object, str], Any]


def answer(plan: object) -> dict[str, Any]:
    """The dates of one plan, or what is wrong with it."""
    try:
        return _dates(plan)
    except CycleError as trouble:
        return {"error": trouble.code, "cycle": trouble.cycle}
    except ScheduleError as trouble:
        return {"error": trouble.code, "detail": trouble.detail}


def _dates(plan: object) -> dict[str, Any]:
    given = _object(plan, "The plan", required={"status_date", "nodes", "links"}, known=PLAN)
    status_date = _whole(given["status_date"], "status_date")
    nodes = [_node(each, f"nodes[{place}]") for place, each in enumerate(_list(given["nodes"], "nodes"))]
    # In an object's keys JSON has only text, so ids are told apart by their text.
    names: dict[str, Any] = {}
    for node in nodes:
        if names.setdefault(str(node.id), node.id) is not node.id:
            raise ScheduleError("duplicate_id", f"There are two nodes {node.id!r}.", key=node.id)
    links = [_link(each, f"links[{place}]", names) for place, each in enumerate(_list(given["links"], "links"))]
    calendars = {name: _calendar(each, name) for name, each in _mapping(given.get("calendars"), "calendars").items()}
    due = {
        _known(names, key, "due"): _whole(day, f"due of {key!r}")
        for key, day in _mapping(given.get("due"), "due").items()
    }
    changes = {
        _known(names, key, "changes"): _fields(each, f"changes of {key!r}")
        for key, each in _mapping(given.get("changes"), "changes").items()
    }
    return _told(compile_network(nodes, links, calendars), status_date, due, changes)


def _told(network: Network, status_date: int, due: Mapping[Any, int], changes: Mapping[Any, Any]) -> dict[str, Any]:
    dates = forward(network, status_date, changes)
    late = backward(network, dates, due)
    drivers = {
        key: {"kind": each.kind} if each.link is None else {"kind": each.kind, "pred": each.pred}
        for key, each in dates.driver.items()
    }
    return {
        "start": dict(dates.start),
        "finish": dict(dates.finish),
        "driver": drivers,
        "late_start": {key: dict(each.late_start) for key, each in late.items()},
        "late_finish": {key: dict(each.late_finish) for key, each in late.items()},
        "float": {key: dict(each.float) for key, each in late.items()},
        "critical": {key: trace(network, dates, key) for key in due},
    }


# Reading.


def _wrong(what: str, wanted: str) -> ScheduleError:
    return ScheduleError("invalid", f"{what} has to be {wanted}.")


def _object(value: object, what: str, *, required: set[str], known: set[str] | frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(what, "an object")
    for name in value:
        if name not in known:
            raise ScheduleError("unknown_key", f"{what} has a key {name!r} that is not known.", key=name)
    for name in sorted(required):
        if value.get(name) is None:
            raise ScheduleError("missing_key", f"{what} lacks {name!r}.", key=name)
    return value


def _mapping(value: object, what: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(what, "an object")
    return value


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(what, "an array")
    return value


def _whole(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(what, "a whole number")
    if not -LARGEST <= value <= LARGEST:
        raise _wrong(what, f"between -{LARGEST} and {LARGEST}")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise _wrong(what, "a string")
    return value


def _id(value: object, what: str) -> str | int:
    if isinstance(value, str):
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(what, "a string or a whole number")
    return _whole(value, what)


def _days(value: object, what: str) -> list[int]:
    return [_whole(each, f"{what}[{place}]") for place, each in enumerate(_list(value, what))]


FIELDS: dict[str, Read] = {
    "duration": _whole,
    "calendar": _text,
    "not_before": _whole,
    "finish_not_before": _whole,
    "slots": _days,
    "actual_start": _whole,
    "actual_finish": _whole,
    "remaining": _whole,
}


def _fields(value: object, what: str) -> dict[str, Any]:
    given = _object(value, what, required=set(), known=CHANGEABLE)
    if "duration" in given and given["duration"] is None:
        raise _wrong(f"duration in {what}", "a whole number")
    return {name: None if each is None else FIELDS[name](each, f"{name} in {what}") for name, each in given.items()}


def _node(value: object, what: str) -> Node:
    given = _object(value, what, required={"id", "duration"}, known=CHANGEABLE | {"id"})
    key = _id(given["id"], f"id in {what}")
    return Node(key, **_fields({name: each for name, each in given.items() if name != "id"}, f"node {key!r}"))


def _link(value: object, what: str, names: Mapping[str, Any]) -> Link:
    given = _object(value, what, required={"pred", "succ"}, known={"pred", "succ", "type", "lag", "calendar"})
    pred, succ = (_known(names, _id(given[name], f"{name} in {what}"), what) for name in ("pred", "succ"))
    calendar = given.get("calendar")
    return Link(
        pred,
        succ,
        _text(given.get("type", "FS"), f"type in {what}"),
        _whole(given.get("lag", 0), f"lag in {what}"),
        None if calendar is None else _text(calendar, f"calendar in {what}"),
    )


def _calendar(value: object, name: str) -> Calendar:
    what = f"calendar {name!r}"
    given = _object(value, what, required={"work_days", "horizon"}, known={"work_days", "horizon"})
    return Calendar.of(
        _days(given["work_days"], f"work_days in {what}"), _whole(given["horizon"], f"horizon in {what}")
    )


def _known(names: Mapping[str, Any], key: object, what: str) -> Any:
    try:
        return names[str(key)]
    except KeyError:
        raise ScheduleError("unknown_node", f"{what} names node {key!r}, which is not there.", key=str(key)) from None
