"""For each record kind of the catalogue: where its records of the cast are, and what a person would type for a new one.

A new kind is covered by all contract suites once it has a line here; one without a line fails the first of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.models import Record
from oversight.web.catalogue import KINDS
from tests.cast import World


@dataclass(frozen=True, slots=True)
class Specimen:
    own: Callable[[World], Record]  # of Lyra at Acme
    sibling: Callable[[World], Record]  # of Orion at Acme
    foreign: Callable[[World], Record]  # at Rival
    typed: Callable[[World], dict[str, str]]  # a new record's form


SPECIMENS: dict[str, Specimen] = {
    "cdmos": Specimen(
        own=lambda world: world.lyra,
        sibling=lambda world: world.orion,
        foreign=lambda world: world.foreign,
        typed=lambda world: {
            "name": "Vega Sterile",
            "country": "DE",
            "outsourcing_model": "TACTICAL",
            "drug_product": "on",
        },
    ),
    "sites": Specimen(
        own=lambda world: world.lyra_site,
        sibling=lambda world: world.orion_site,
        foreign=lambda world: world.foreign_site,
        typed=lambda world: {
            "cdmo": str(world.lyra.pk),
            "name": "Visp",
            "city": "Visp",
            "country": "CH",
            "time_zone": "Europe/Zurich",
            "working_week": "MON_FRI",
        },
    ),
}
EACH_KIND = [(kind, SPECIMENS[kind.slug]) for kind in KINDS if kind.slug in SPECIMENS]
NAMES = [kind.slug for kind, _ in EACH_KIND]


def missing() -> set[str]:
    """The kinds that nobody described here."""
    return {kind.slug for kind in KINDS} - set(SPECIMENS)


def reads(kind: RecordKind, pk: int | None = None) -> list[str]:
    """The pages that show a record, or the list of them, below a sponsor's address."""
    return [f"{kind.slug}/"] if pk is None else [f"{kind.slug}/{pk}/", f"{kind.slug}/{pk}/history/"]
