"""A plan that is good, and all the ways to spoil it."""

from typing import Any

PLAN: dict[str, Any] = {
    "status_date": 100,
    "nodes": [
        {"id": "DS batch", "duration": 10, "calendar": "site", "finish_not_before": 130},
        {"id": "fill", "duration": 3, "slots": [110, 138, 166]},
        {"id": "label", "duration": 5, "calendar": "site", "actual_start": 98, "remaining": 2},
        {"id": "aside", "duration": 1},
        {"id": 7, "duration": 0},
    ],
    "links": [
        {"pred": "DS batch", "succ": "fill", "type": "FS", "lag": 2},
        {"pred": "fill", "succ": 7, "type": "FS", "lag": 5, "calendar": "site"},
        {"pred": "label", "succ": 7, "type": "FS", "lag": 0},
    ],
    "calendars": {"site": {"work_days": [day for day in range(400) if day % 7 < 5], "horizon": 400}},
    "due": {"7": 160},
}


def changed(**values: Any) -> dict[str, Any]:
    return PLAN | values


def with_node(**fields: Any) -> dict[str, Any]:
    return PLAN | {"nodes": [*PLAN["nodes"], fields]}


def with_link(**fields: Any) -> dict[str, Any]:
    return PLAN | {"links": [*PLAN["links"], fields]}


REFUSED: dict[str, tuple[object, str, str]] = {
    "not JSON": (b"{", "malformed", "This is not JSON"),
    "not text": (b"\xff\xfe{", "malformed", "This is not JSON"),
    "nothing": (b"", "malformed", "This is not JSON"),
    "too deep": (b"[" * 100_000, "malformed", "This is not JSON"),
    "no object": ("plan", "invalid", "The plan has to be an object."),
    "null": (None, "invalid", "The plan has to be an object."),
    "no status date": ({"nodes": [], "links": []}, "missing_key", "The plan lacks 'status_date'."),
    "no nodes": ({"status_date": 0, "links": []}, "missing_key", "The plan lacks 'nodes'."),
    "no links": ({"status_date": 0, "nodes": []}, "missing_key", "The plan lacks 'links'."),
    "an unknown key": (changed(deadline={}), "unknown_key", "The plan has a key 'deadline' that is not known."),
    "a status date in words": (changed(status_date="today"), "invalid", "status_date has to be a whole number."),
    "true is no day": (changed(status_date=True), "invalid", "status_date has to be a whole number."),
    "half a day": (changed(status_date=0.5), "invalid", "status_date has to be a whole number."),
    "not a number": (changed(status_date=float("nan")), "invalid", "status_date has to be a whole number."),
    "a day beyond all": (changed(status_date=10**12), "invalid", "status_date has to be between"),
    "nodes by name": (changed(nodes={}), "invalid", "nodes has to be an array."),
    "a node that is a name": (changed(nodes=["DS"]), "invalid", "nodes[0] has to be an object."),
    "a node without an id": (with_node(duration=1), "missing_key", "nodes[5] lacks 'id'."),
    "a node whose id is null": (with_node(id=None, duration=1), "missing_key", "nodes[5] lacks 'id'."),
    "an id that is a list": (with_node(id=[1], duration=1), "invalid", "id in nodes[5] has to be a string or a whole"),
    "a node without a duration": (with_node(id="x"), "missing_key", "nodes[5] lacks 'duration'."),
    "a duration in words": (with_node(id="x", duration="3"), "invalid", "duration in node 'x' has to be a whole"),
    "a field that no node has": (with_node(id="x", duration=1, owner="y"), "unknown_key", "nodes[5] has a key 'owner'"),
    "two of one id": (with_node(id="fill", duration=1), "duplicate_id", "There are two nodes 'fill'."),
    "7 and its text": (with_node(id="7", duration=1), "duplicate_id", "There are two nodes '7'."),
    "a negative duration": (with_node(id="x", duration=-1), "negative_duration", "The duration of node 'x' is"),
    "a negative rest": (with_node(id="x", duration=1, remaining=-1), "negative_remaining", "The remaining of node 'x'"),
    "a calendar nobody gave": (with_node(id="x", duration=1, calendar="y"), "unknown_calendar", "'x' names a calendar"),
    "slots out of order": (with_node(id="x", duration=1, slots=[5, 5]), "invalid", "The slots of node 'x' do not"),
    "slots in words": (with_node(id="x", duration=1, slots="any"), "invalid", "slots in node 'x' has to be an array."),
    "a slot that is none": (with_node(id="x", duration=1, slots=[None]), "invalid", "slots in node 'x'[0] has to be"),
    "a finish before the start": (
        with_node(id="x", duration=1, actual_start=5, actual_finish=4), "invalid", "Node 'x' finished before",
    ),
    "a link without an end": (with_link(pred="fill", type="FS", lag=0), "missing_key", "links[3] lacks 'succ'."),
    "a link to nobody": (with_link(pred="fill", succ="x", type="FS", lag=0), "unknown_node", "links[3] names node 'x'"),
    "a type of its own": (with_link(pred="fill", succ=7, type="XX", lag=0), "invalid", "The link 'fill' → 7 has"),
    "a lag of null": (with_link(pred="fill", succ=7, type="FS", lag=None), "invalid", "lag in links[3] has to be"),
    "a lag by an unknown calendar": (
        with_link(pred="fill", succ=7, type="FS", lag=0, calendar="y"), "unknown_calendar", "names a calendar 'y'",
    ),
    "a key that no link has": (with_link(pred="fill", succ=7, kind="FS"), "unknown_key", "links[3] has a key 'kind'"),
    "a due day of nobody": (changed(due={"x": 1}), "unknown_node", "due names node 'x', which is not there."),
    "a due day of null": (changed(due={"7": None}), "invalid", "due of '7' has to be a whole number."),
    "a what-if of nobody": (changed(changes={"x": {}}), "unknown_node", "changes names node 'x'"),
    "a what-if of a new field": (changed(changes={"7": {"id": 8}}), "unknown_key", "changes of '7' has a key 'id'"),
    "a what-if without a length": (changed(changes={"7": {"duration": None}}), "invalid", "duration in changes of '7'"),
    "a what-if that is a day": (changed(changes={"7": 5}), "invalid", "changes of '7' has to be an object."),
    "a what-if that contradicts": (changed(changes={"7": {"duration": -1}}), "negative_duration", "The duration of"),
    "a calendar without days": (changed(calendars={"site": {"horizon": 1}}), "missing_key", "calendar 'site' lacks"),
    "a calendar of ages": (
        changed(calendars={"site": {"work_days": [0], "horizon": 10**9}}), "invalid", "A calendar of more than",
    ),
    "no slot left": (changed(status_date=170), "no_slot", "Node 'fill' has no slot left on day 186 or later."),
    "beyond the horizon": (changed(status_date=395), "horizon", "Node 'DS batch' cannot be placed"),
    "due beyond the horizon": (changed(due={"label": 500}), "horizon", "Node 'label' has no late date"),
    "due before the calendar": (changed(due={"DS batch": 4}), "horizon", "Node 'DS batch' has no late date"),
}  # fmt: skip
