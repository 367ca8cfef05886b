"""Products: two of Acme's, one of Rival's; no partner sees any."""

from typing import Any

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Product
from techtransfer.records import PRODUCT

from . import Specimen, planner_of


def develop(by: Actor, name: str = "Maritumab", **values: Any) -> Product:
    """One product with the next free code, as the system of its sponsor would put it on file."""
    with scope(by):
        code = f"ACM-{Product.objects.visible_to(by).count() + 101}"
        told = {"code": code, "name": name, "modality": "ANTIBODY", "dosage_form": "SOLUTION"}
        return create(PRODUCT, by=by, values=told | values)


SPECIMEN = Specimen(
    own=lambda world: develop(world.omar, "Acme's first product"),
    sibling=lambda world: develop(world.omar, "Acme's second product"),
    foreign=lambda world: develop(planner_of(world, "rival"), "Rival's product"),
    typed=lambda world: {
        "code": "ACM-900",
        "name": "Velatinib",
        "modality": "SMALL_MOLECULE",
        "dosage_form": "TABLET",
        "description": "Once daily.",
    },
)
