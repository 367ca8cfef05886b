"""An order in which nothing looks ahead, or the loop that forbids one."""

from collections.abc import Iterable, Mapping, Sequence

from .errors import CycleError
from .nodes import Id, Link


def in_order(ids: Iterable[Id], links: Iterable[Link]) -> list[Id]:
    """All ids, each after those it waits for; chains stay together, so that a pass reads what it has just written."""
    succs: dict[Id, list[Id]] = {key: [] for key in ids}
    waits = dict.fromkeys(succs, 0)
    for link in links:
        succs[link.pred].append(link.succ)
        waits[link.succ] += 1
    ready = [key for key, count in waits.items() if not count]
    ready.reverse()
    order = []
    while ready:
        key = ready.pop()
        order.append(key)
        for succ in succs[key]:
            waits[succ] -= 1
            if not waits[succ]:
                ready.append(succ)
    if len(order) < len(succs):
        raise CycleError(_loop({key for key, count in waits.items() if count}, succs))
    return order


def _loop(stuck: set[Id], succs: Mapping[Id, Sequence[Id]]) -> list[Id]:
    """One loop among the ids that never became ready: each of them waits for another of them."""
    pred = {succ: key for key in stuck for succ in succs[key] if succ in stuck}
    seen: dict[Id, int] = {}
    back: list[Id] = []
    key = next(iter(pred))
    while key not in seen:
        seen[key] = len(back)
        back.append(key)
        key = pred[key]
    return back[seen[key] :][::-1]
