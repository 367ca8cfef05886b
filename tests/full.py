"""How long a run is: with `dev.py test --full` it kills, plants, asks and walks as often as the goals say."""

import os

ROUNDS = int(os.environ.get("OVERSIGHT_ROUNDS", "20"))
FULL = ROUNDS >= 200
