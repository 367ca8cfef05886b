"""Nodes and links as the outside gives them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from .errors import ScheduleError

Id = Any  # of any type that can be hashed
Changes = Mapping[Id, Mapping[str, Any]]
TYPES = ("FS", "SS", "FF", "SF")


@dataclass(frozen=True, slots=True)
class Node:
    """An activity of `duration` days, or a milestone of none; days of its calendar, or of all seven without one."""

    id: Id
    duration: int
    calendar: str | None = None
    not_before: int | None = None
    finish_not_before: int | None = None  # an open hold
    slots: Sequence[int] | None = None  # the only days on which it may start, ascending
    actual_start: int | None = None
    actual_finish: int | None = None
    remaining: int | None = None  # of one that has started; its whole duration while nobody has said


@dataclass(frozen=True, slots=True)
class Link:
    """`succ` waits for `pred`: FS finish to start, SS start to start, FF finish to finish, SF start to finish."""

    pred: Id
    succ: Id
    type: str = "FS"
    lag: int = 0  # days of its own calendar, elapsed days without one; may be negative
    calendar: str | None = None


CHANGEABLE = frozenset(field.name for field in fields(Node)) - {"id"}


def check_node(node: Node) -> None:
    """Refuse a node that contradicts itself."""
    for name, days in (("duration", node.duration), ("remaining", node.remaining)):
        if days is not None and days < 0:
            raise ScheduleError(f"negative_{name}", f"The {name} of node {node.id!r} is negative.", key=node.id)
    if node.slots is not None and any(one >= following for one, following in pairwise(node.slots)):
        raise ScheduleError("invalid", f"The slots of node {node.id!r} do not ascend.", key=node.id)
    if node.actual_start is not None and node.actual_finish is not None and node.actual_finish < node.actual_start:
        raise ScheduleError("invalid", f"Node {node.id!r} finished before it started.", key=node.id)


def check_links(links: Iterable[Link], ids: Mapping[Id, Any]) -> None:
    """Refuse a link between what is not there, or of a type that there is not."""
    for link in links:
        for key in (link.pred, link.succ):
            if key not in ids:
                raise ScheduleError("unknown_node", f"A link names node {key!r}, which is not there.", key=key)
        if link.type not in TYPES:
            said = f"The link {link.pred!r} → {link.succ!r} has the type {link.type!r}; there are {', '.join(TYPES)}."
            raise ScheduleError("invalid", said, key=link.succ)
