"""The kinds of the catalogue with their specimens: what every contract suite walks."""

from oversight.kernel.records.kind import RecordKind
from oversight.web.catalogue import KINDS
from tests.factories import Specimen, specimen_of

EACH_KIND: list[tuple[RecordKind, Specimen]] = [(kind, specimen_of(kind)) for kind in KINDS]
NAMES = [kind.slug for kind in KINDS]

__all__ = ["EACH_KIND", "NAMES", "Specimen", "reads"]


def reads(kind: RecordKind, pk: int | None = None) -> list[str]:
    """The pages that show a record, or the list of them, below a sponsor's address."""
    return [f"{kind.slug}/"] if pk is None else [f"{kind.slug}/{pk}/", f"{kind.slug}/{pk}/history/"]
