"""Late dates: for each due day, the latest dates that keep it, of those nodes alone that lead to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .dates import Dates
from .errors import OffCalendar, ScheduleError
from .network import Network, Rule, step_of
from .nodes import Id
from .rules import FAR, latest, latest_to_lag


class Leading(Mapping[Id, int]):
    """Late days by id, of the nodes that lead to the due one."""

    __slots__ = ("_base", "_late", "_network", "_offset")

    def __init__(self, network: Network, late: list[int], offset: int, base: list[int] | None = None) -> None:
        self._network, self._late, self._offset, self._base = network, late, offset, base

    def __getitem__(self, key: Id) -> int:
        place = 2 * self._network.position[key] + self._offset
        if place >= len(self._late) or self._late[place] == FAR:
            raise KeyError(key)
        return self._late[place] - (self._base[place] if self._base else 0)

    def __iter__(self) -> Iterator[Id]:
        return (key for key, day in zip(self._network.ids, self._late[::2], strict=False) if day != FAR)

    def __len__(self) -> int:
        return sum(day != FAR for day in self._late[::2])


@dataclass(frozen=True, slots=True)
class LateDates:
    """What keeps one due day, of every node that leads to it; `float` is the late start less the start."""

    late_start: Mapping[Id, int]
    late_finish: Mapping[Id, int]
    float: Mapping[Id, int]


def backward(network: Network, dates: Dates, due: Mapping[Id, int]) -> dict[Id, LateDates]:
    """The late dates for each due node, which is to finish on its day or before."""
    found = {}
    for key, day in due.items():
        late = late_days(network, dates, network.at(key), day)
        found[key] = LateDates(
            Leading(network, late, 0), Leading(network, late, 1), Leading(network, late, 0, dates.days)
        )
    return found


def late_days(network: Network, dates: Dates, due: int, day: int) -> list[int]:
    """Late starts and finishes, by place, up to those of the due position; FAR where a node does not lead to it."""
    late = [FAR] * (2 * due + 2)  # each a bound at first, and its date once the pass has come by
    late[-1] = day
    steps, rules = network.steps[: due + 1], network.rules
    if dates.changed:
        rules = rules.copy()
        for position, changed in dates.changed.items():
            rules[position] = changed
            if position <= due:
                steps[position] = step_of(changed)
    steps.reverse()
    place = 2 * due + 2
    try:
        for _, sources, lagged, length, arrays, rule in steps:
            place -= 2
            by_start, by_finish = late[place], late[place + 1]
            if by_start == by_finish == FAR:
                continue
            if rule is not None or by_finish == FAR:
                _pass_on(rules, place, dates.days, late)
                continue
            # `latest` written out for the many that only wait for starts and finishes.
            if arrays is None:
                start = by_finish - length
            else:
                first, before, work_days = arrays
                if length:
                    index = before[by_finish - first] - length if by_finish > first else -1
                else:
                    index = before[by_finish + 1 - first] - 1 if by_finish >= first else -1
                if index < 0:
                    raise OffCalendar(f"it would lie before the first day {first} of its calendar")
                start = work_days[index]
            if by_start < start:
                _pass_on(rules, place, dates.days, late)
                continue
            late[place] = start
            for source in sources:
                if late[source] > start:
                    late[source] = start
            for source, lag in lagged:
                if late[source] > start - lag:
                    late[source] = start - lag
    except (OffCalendar, IndexError) as trouble:
        key = network.ids[place // 2]
        said = str(trouble) if isinstance(trouble, OffCalendar) else "it lies beyond the horizon of its calendar"
        raise ScheduleError("horizon", f"Node {key!r} has no late date: {said}.", key=key) from None
    return late


def _pass_on(rules: Sequence[Rule], place: int, days: Sequence[int], late: list[int]) -> None:
    """The late dates of a node under any rule, and with them the bounds of what it waits for."""
    rule = rules[place // 2]
    start, finish, begin, end = latest(rule, days[place], days[place + 1], late[place], late[place + 1])
    late[place], late[place + 1] = start, finish
    for links, bound in ((rule.begins, begin), (rule.ends, end)):
        if bound == FAR:
            continue
        for source, lag, calendar, _ in links:
            if rule.done and not rules[source // 2].done:
                continue  # what is done did not wait for it
            try:
                day = latest_to_lag(bound, lag, calendar) if lag else bound
            except OffCalendar:
                if rules[source // 2].done:
                    continue  # what might have been is no reason to have no dates at all
                raise
            if day < late[source]:
                late[source] = day
