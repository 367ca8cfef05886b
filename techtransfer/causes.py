"""A cause: the record on account of which a date moved, named so that apps above this one can be named, too."""

from dataclasses import dataclass
from typing import Self

from oversight.kernel.trail.about import cdmo_of
from oversight.kernel.workflow.models import Case


@dataclass(frozen=True, slots=True)
class Cause:
    """By table, key and number; `words` say what it did, `cdmo` whose record it is (None: the sponsor's own)."""

    kind: str = ""
    id: int = 0
    number: str = ""
    words: str = ""
    cdmo: int | None = None

    @classmethod
    def of(cls, record: Case, words: str) -> Self:
        """The cause that `record` is."""
        return cls(record._meta.db_table, record.pk, record.number, words, cdmo_of(record))
