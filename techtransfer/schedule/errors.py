"""What the engine refuses, each time with a short code and a sentence that names the node or key."""

from collections.abc import Hashable, Sequence


class ScheduleError(ValueError):
    """A plan that has no dates: `code` says which kind of trouble, `key` whose."""

    def __init__(self, code: str, detail: str, *, key: Hashable = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.key = code, detail, key


class CycleError(ScheduleError):
    """Links that close a loop: each id of `cycle` is linked to the next, the last to the first."""

    def __init__(self, cycle: Sequence[Hashable]) -> None:
        self.cycle = list(cycle)
        super().__init__("cycle", "These wait for each other: " + " → ".join(map(repr, [*cycle, cycle[0]])) + ".")


class OffCalendar(Exception):
    """A day that a calendar cannot tell of; whoever asked turns it into a refusal with a name in it."""
