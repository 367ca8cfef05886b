"""The write door: a transaction whose writes the database trails."""

from collections.abc import Iterator
from contextlib import contextmanager

from oversight.kernel.access.scope import Actor, scope, told


class UnattributedChange(RuntimeError):
    """A record was written without saying by whom or, past its creation, why."""


@contextmanager
def change(*, by: Actor, reason: str = "") -> Iterator[Actor]:
    """A transaction whose writes are trailed as made by `by` for `reason`.

    Only the creation of a record needs no reason; the database refuses all else without one (EU GMP Annex 11 §9).
    """
    with scope(by, changing=True, reason=reason.strip()):
        yield by


def require_change(*, creating: bool) -> None:
    """Refuse early, and in words, what the database would refuse anyway; raises UnattributedChange."""
    present = told()
    if present is None or not present.changing:
        raise UnattributedChange("Save inside `with change(by=…, reason=…)`.")
    if not creating and not present.reason:
        raise UnattributedChange("A change of a record needs a reason.")
