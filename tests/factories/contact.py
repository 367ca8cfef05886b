"""Contacts: one at each CDMO of the cast."""

from cdmos.models import CDMO, Contact
from cdmos.records import CONTACT
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from tests.cast import World

from . import Specimen


def put_on_file(by: Actor, cdmo: CDMO, name: str) -> Contact:
    """One contact, as `by` would create it."""
    with scope(by):
        return create(CONTACT, by=by, values={"cdmo": cdmo, "name": name, "email": "quality@example.com"})


def typed(world: World) -> dict[str, str]:
    return {
        "cdmo": str(world.lyra.pk),
        "site": str(world.lyra_site.pk),
        "name": "Mara Stein",
        "function": "Head of quality",
        "phone": "+41 61 555 01 00",
        "around_the_clock": "on",
        "escalation_level": "SECOND",
    }


SPECIMEN = Specimen(
    own=lambda world: put_on_file(world.nina, world.lyra, "Lyra's quality desk"),
    sibling=lambda world: put_on_file(world.nina, world.orion, "Orion's quality desk"),
    foreign=lambda world: put_on_file(world.riva, world.foreign, "Rival's quality desk"),
    typed=typed,
)
