"""The programmes of each sponsor of the demo world."""

from ..people import MARROWFEN, TARN
from .antibody import ANTIBODY
from .protein import PROTEIN
from .tablet import TABLET
from .told import ProgrammeTold
from .vector import VECTOR

PROGRAMMES: dict[str, tuple[ProgrammeTold, ...]] = {MARROWFEN: (ANTIBODY, VECTOR, TABLET), TARN: (PROTEIN,)}
