"""The limits of a sponsor are its own to set: its partners read them, and the database refuses them more."""

import pytest
from django.db import DatabaseError

from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.models import DefaultLimit
from oversight.kernel.trail.change import change
from tests.cast import World


@pytest.mark.parametrize("name", ["paul", "connie"])
def test_who_does_not_see_every_cdmo_sets_no_limit(world: World, name: str) -> None:
    actor = getattr(world, name)
    with change(by=world.nina):
        DefaultLimit.objects.create(name="notify", limit=8, unit="HOURS")
    with pytest.raises(DatabaseError, match="row-level security"), change(by=actor, reason="More time for us"):
        DefaultLimit.objects.create(name="containment", limit=999, unit="HOURS")
    with change(by=actor, reason="More time for us"):
        assert DefaultLimit.objects.update(limit=999) == 0
    with scope(actor):
        assert list(DefaultLimit.objects.visible_to(actor).values_list("name", "limit")) == [("notify", 8)]
