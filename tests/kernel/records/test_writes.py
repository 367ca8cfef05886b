"""create and amend, called as any entrance calls them."""

import pytest
from django.core.exceptions import ValidationError

from cdmos import models
from cdmos.records import CDMO
from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import NotAllowed, Stale, Unchanged, amend, create
from tests.kernel.records.filing import now

pytestmark = pytest.mark.django_db

NEW = {"name": "Corvane", "country": "CH", "outsourcing_model": "PREFERRED", "drug_product": True}


@pytest.mark.parametrize("who", ["vera", "adam", "paul"])
def test_a_role_without_the_capability_writes_nothing(world, who):
    actor = getattr(world, who)
    with scope(actor):
        with pytest.raises(NotAllowed):
            create(CDMO, by=actor, values=NEW)
        with pytest.raises(NotAllowed):
            amend(CDMO, world.lyra.pk, by=actor, version=1, values={"country": "DE"}, reason="Moved")
    assert (now(world.nina, world.lyra.pk).country, now(world.nina, world.lyra.pk).versions) == ("CH", 1)


def test_what_is_out_of_sight_does_not_exist(world):
    with scope(world.connie), pytest.raises(models.CDMO.DoesNotExist):
        amend(CDMO, world.orion.pk, by=world.connie, version=1, values={"country": "DE"}, reason="Moved")
    assert now(world.nina, world.orion.pk).versions == 1


def test_a_stale_version_carries_the_present_record(world):
    with scope(world.nina):
        amend(CDMO, world.lyra.pk, by=world.nina, version=1, values={"country": "DE"}, reason="Moved")
        with pytest.raises(Stale) as stale:
            amend(CDMO, world.lyra.pk, by=world.nina, version=1, values={"country": "FR"}, reason="Moved")
    assert (stale.value.record.country, stale.value.record.version) == ("DE", 2)
    assert now(world.nina, world.lyra.pk).country == "DE"


def test_nothing_to_write_writes_nothing(world):
    with scope(world.nina), pytest.raises(Unchanged):
        amend(CDMO, world.lyra.pk, by=world.nina, version=1, values={"country": "CH"}, reason="Moved")
    assert now(world.nina, world.lyra.pk).versions == 1


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_a_blank_reason_is_no_reason(world, reason):
    with scope(world.nina), pytest.raises(ValidationError, match="Say why you change it"):
        amend(CDMO, world.lyra.pk, by=world.nina, version=1, values={"country": "DE"}, reason=reason)
    assert now(world.nina, world.lyra.pk).versions == 1


def test_a_clash_that_only_the_database_saw_is_said_in_the_same_words(world, monkeypatch):
    """Somebody files the same name between the check and the save."""
    checks = []
    check = models.CDMO.validate_constraints

    def blind_at_first(record, exclude=None):
        checks.append(record.name)
        return check(record, exclude) if len(checks) > 1 else None

    monkeypatch.setattr(models.CDMO, "validate_constraints", blind_at_first)
    with scope(world.nina):
        with pytest.raises(ValidationError, match="There is a CDMO of this name already"):
            create(CDMO, by=world.nina, values=NEW | {"name": "Lyra Biologics"})
        assert models.CDMO.objects.visible_to(world.nina).filter(name="Lyra Biologics").count() == 1
    assert checks == ["Lyra Biologics", "Lyra Biologics"]
