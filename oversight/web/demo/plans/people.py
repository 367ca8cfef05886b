"""Who acts for a partner in the programmes of the demo world, and when its day begins."""

from .told import Place

PROJECT = {
    "Corvane Biologics": "jonas.iten",
    "Noxbury Vectors": "tom.ackerley",
    "Sterivale": "giulia.marenco",
    "Peltraq Analytical": "femke.houtman",
    "Packmoor Logistics": "luis.ortega",
    "Quillmere Pharma": "aoife.brennan",
}
QUALITY = {
    "Corvane Biologics": "lena.brunner",
    "Noxbury Vectors": "grace.whitlock",
    "Sterivale": "paolo.ferrante",
    "Peltraq Analytical": "joost.veenstra",
    "Packmoor Logistics": "dana.holloway",
    "Quillmere Pharma": "declan.moran",
}
EARLY, AMERICAN = 8, 13  # UTC


def project_of(place: Place) -> str:
    """Who plans and makes there; empty at the sponsor's own."""
    return PROJECT.get(place[0], "")


def quality_of(place: Place) -> str:
    """Who answers for quality there."""
    return QUALITY[place[0]]


def hour_of(place: Place) -> int:
    """When the day begins there, UTC."""
    return AMERICAN if place[0] == "Packmoor Logistics" else EARLY
