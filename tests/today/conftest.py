"""The clock on the wall of the stories, and the report with which most of them begin."""

import pytest

from quality.models import Deviation
from tests.cast import World
from tests.factories.deviation import report
from tests.quality.acting import Watch, watch

__all__ = ["watch"]


@pytest.fixture
def reported(world: World, watch: Watch) -> Deviation:
    """Paul reports at 14:02; it is 14:10, four minutes past the hour of containment."""
    watch.say(14, 14, 2)
    event = report(world.paul, world.lyra_site)
    watch.say(14, 14, 10)
    return event
