"""Sites: one at each CDMO of the cast."""

from . import Specimen

SPECIMEN = Specimen(
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
)
