"""CDMOs: the two of Acme, and Lyra's company as Rival keeps it."""

from . import Specimen

SPECIMEN = Specimen(
    own=lambda world: world.lyra,
    sibling=lambda world: world.orion,
    foreign=lambda world: world.foreign,
    typed=lambda world: {
        "name": "Vega Sterile",
        "country": "DE",
        "outsourcing_model": "TACTICAL",
        "drug_product": "on",
    },
)
