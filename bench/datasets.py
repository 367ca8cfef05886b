"""What data there are, one on top of the other, and of what each is made."""

from datetime import UTC, datetime

from django.core.management import call_command

from .crowd import fill_crowds
from .ground import fill_grounds
from .kept import Dataset, Told
from .sources import SCHEMA
from .world import fill_world

PEOPLE = "bench/members.py"


def _migrate() -> Told:
    call_command("migrate", interactive=False, verbosity=0)
    return {}


EMPTY = Dataset("empty", _migrate, SCHEMA)
WORLD = Dataset("world", fill_world, ("bench/world.py", "bench/plain.py", PEOPLE), EMPTY)
# What is done and what is under way is told from the day that the plans are looked at: another day, other data.
PLANS = Dataset(
    "plans", fill_grounds,
    ("bench/ground.py", "bench/plans.py", PEOPLE, "techtransfer/forecast/*.py", "techtransfer/schedule/*.py",
     f"{datetime.now(UTC):%Y-%m-%d}"), WORLD,
)  # fmt: skip
CROWD = Dataset("crowd", fill_crowds, ("bench/crowd.py", "bench/crowd_clocks.py", PEOPLE), WORLD)
