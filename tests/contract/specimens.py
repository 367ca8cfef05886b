"""The kinds of the catalogue with their specimens: what every contract suite walks."""

from collections.abc import Callable
from typing import Any

import pytest

from oversight.kernel.records.kind import RecordKind
from oversight.web.catalogue import KINDS
from tests.factories import Specimen, specimen_of

EACH_KIND: list[tuple[RecordKind, Specimen]] = [(kind, specimen_of(kind)) for kind in KINDS]
NAMES = [kind.slug for kind in KINDS]


def _those(where: Callable[[RecordKind], object]) -> list[Any]:
    return [pytest.param(kind, specimen, id=kind.slug) for kind, specimen in EACH_KIND if where(kind)]


OPENED = _those(lambda kind: kind.workflow.opens)  # a person puts one on file
AMENDED = _those(lambda kind: kind.workflow.editable)
PARTS = _those(lambda kind: kind.workflow.opens and kind.parent)  # … and says of what it is a part

__all__ = ["AMENDED", "EACH_KIND", "NAMES", "OPENED", "PARTS", "Specimen", "held_by_cdmo", "in_portal", "reads"]


def reads(kind: RecordKind, pk: int | None = None) -> list[str]:
    """The pages that show a record, or the list of them, below a sponsor's address."""
    return [f"{kind.slug}/"] if pk is None else [f"{kind.slug}/{pk}/", f"{kind.slug}/{pk}/history/"]


def held_by_cdmo(kind: RecordKind) -> bool:
    """Whether each record is some CDMO's; else it is the sponsor's own, and whoever is narrowed sees it, too."""
    return kind.model.CDMO_COLUMN is not None


def in_portal(kind: RecordKind) -> bool:
    """Whether partners see records of the kind at all."""
    return kind.partner_sees is not None
