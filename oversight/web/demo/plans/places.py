"""Where the programmes of the demo world are made: the sites, and the days on which they are closed."""

from dataclasses import dataclass

from ..people import MARROWFEN, TARN
from .told import Place

BASEL: Place = ("Corvane Biologics", "Basel")
VISP: Place = ("Corvane Biologics", "Visp")
STEVENAGE: Place = ("Noxbury Vectors", "Stevenage")
LINE_2: Place = ("Sterivale", "Parma, line 2")
LEIDEN: Place = ("Peltraq Analytical", "Leiden")
ALLENTOWN: Place = ("Packmoor Logistics", "Allentown")
QUILLMERE: Place = ("Quillmere Pharma", "Galway")
SUITE_B: Place = ("Corvane Biologics", "Basel, suite B")


@dataclass(frozen=True, slots=True)
class ClosureTold:
    """Days of every year on which a site is closed, as month and day; over the new year if the last is the earlier."""

    at: Place
    by: str
    title: str
    why: str
    first: tuple[int, int]
    last: tuple[int, int]


CLOSURES = {
    MARROWFEN: (
        ClosureTold(BASEL, "jonas.iten", "Christmas and New Year", "SHUTDOWN", (12, 24), (1, 2)),
        ClosureTold(BASEL, "jonas.iten", "National Day", "HOLIDAY", (8, 1), (8, 1)),
        ClosureTold(BASEL, "jonas.iten", "Maintenance of the water system", "MAINTENANCE", (7, 20), (7, 24)),
        ClosureTold(VISP, "jonas.iten", "Christmas", "HOLIDAY", (12, 25), (12, 26)),
        ClosureTold(STEVENAGE, "tom.ackerley", "Christmas", "HOLIDAY", (12, 25), (12, 28)),
        ClosureTold(STEVENAGE, "tom.ackerley", "Clean-room requalification", "MAINTENANCE", (8, 10), (8, 14)),
        ClosureTold(LINE_2, "giulia.marenco", "Ferragosto shutdown", "SHUTDOWN", (8, 10), (8, 21)),
        ClosureTold(LINE_2, "giulia.marenco", "Christmas and Epiphany", "SHUTDOWN", (12, 24), (1, 6)),
        ClosureTold(LEIDEN, "femke.houtman", "Christmas", "HOLIDAY", (12, 25), (12, 26)),
        ClosureTold(LEIDEN, "femke.houtman", "King's Day", "HOLIDAY", (4, 27), (4, 27)),
        ClosureTold(ALLENTOWN, "luis.ortega", "Independence Day", "HOLIDAY", (7, 3), (7, 4)),
        ClosureTold(ALLENTOWN, "luis.ortega", "Christmas", "HOLIDAY", (12, 24), (12, 25)),
        ClosureTold(QUILLMERE, "aoife.brennan", "Saint Patrick's Day", "HOLIDAY", (3, 17), (3, 17)),
        ClosureTold(QUILLMERE, "aoife.brennan", "Christmas", "HOLIDAY", (12, 24), (12, 28)),
    ),
    TARN: (
        ClosureTold(SUITE_B, "jonas.iten", "Christmas and New Year", "SHUTDOWN", (12, 24), (1, 2)),
        ClosureTold(SUITE_B, "jonas.iten", "National Day", "HOLIDAY", (8, 1), (8, 1)),
    ),
}
