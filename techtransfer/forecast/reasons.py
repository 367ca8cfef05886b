"""What the trail says of a date that moved."""

from dataclasses import dataclass

from techtransfer.causes import Cause

ANOTHER = "A step before it moved."


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the trail says of a step that moved: not to every partner the same.

    A partner's row names the cause only if that, too, is the partner's; else it would tell of another's.
    """

    cause: Cause
    person: str = ""  # who caused it, for the sponsor's own eyes
    own_person: str = ""  # the same, if it is one of the partner's people

    def of(self, cdmo: int | None) -> str:
        """The reason on a row of that CDMO."""
        if not self.cause.kind:  # no record's: the time that passes
            return f"{self.cause.words}."
        if cdmo is not None and cdmo != self.cause.cdmo:
            return ANOTHER
        person = self.person if cdmo is None else self.own_person
        said = f"{self.cause.number}: {self.cause.words}" if self.cause.number else self.cause.words
        return f"{said}, by {person}." if person else f"{said}."
