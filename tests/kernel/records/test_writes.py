"""create and amend, called as any entrance calls them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from cdmos import models
from cdmos.records import CDMO, SITE
from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import amend, create
from oversight.kernel.workflow.refusals import NotAllowed, Stale, Unchanged
from oversight.kernel.workflow.writing import NOT_YOURS
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


def test_what_nobody_types_is_set_by_nobody(world):
    with scope(world.nina):
        with pytest.raises(ValidationError, match=NOT_YOURS):
            create(CDMO, by=world.nina, values=NEW | {"status": "VOID"})
        for values in ({"status": "VOID"}, {"country": "DE", "version": 7}, {"tenant_id": world.rival.pk}):
            with pytest.raises(ValidationError, match=NOT_YOURS):
                amend(CDMO, world.lyra.pk, by=world.nina, version=1, values=values, reason="Moved")
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


BLANK = ["", "  ", "\n\t", "\u200b", "\u200d\u2060", "\ufeff", "\u00a0\u3000", "\u00ad", "\u0301", "\ue000"]


@pytest.mark.requirement("A11-9")
@pytest.mark.parametrize("reason", BLANK)
def test_a_blank_reason_is_no_reason(world, reason):
    with scope(world.nina), pytest.raises(ValidationError, match="Say why you change it"):
        amend(CDMO, world.lyra.pk, by=world.nina, version=1, values={"country": "DE"}, reason=reason)
    assert now(world.nina, world.lyra.pk).versions == 1


@pytest.mark.parametrize("reason", ["7", "…", "+", "é", "改", "\u200bBecause\u200b"])
def test_one_visible_character_is_a_reason(world, reason):
    with scope(world.nina):
        amend(CDMO, world.lyra.pk, by=world.nina, version=1, values={"country": "DE"}, reason=reason)
    assert now(world.nina, world.lyra.pk).versions == 2


@pytest.fixture
def unchecked(monkeypatch):
    """As it is when somebody else writes between the check and the save."""
    for model in (models.CDMO, models.Site):
        monkeypatch.setattr(model, "validate_constraints", lambda record, exclude=None: None)


def test_each_constraint_of_the_database_has_its_sentence_and_its_field(world, unchecked):
    site = {"cdmo": world.lyra, "city": "Basel", "country": "CH", "time_zone": "Europe/Zurich"}
    clashes = [
        (CDMO, NEW | {"name": "LYRA BIOLOGICS"}, "name", "There is a CDMO of this name already: open that one."),
        (CDMO, NEW | {"drug_product": False}, "drug_substance", "Say what this CDMO does: tick at least one type."),
        (SITE, site | {"name": "lyra basel"}, "name", "This CDMO has a site of this name already."),
    ]
    for kind, values, field, sentence in clashes:
        with scope(world.nina):
            with pytest.raises(ValidationError) as refusal:
                create(kind, by=world.nina, values=values)
            assert refusal.value.message_dict == {field: [sentence]}
    # Nobody types a number or a status, so nobody is told of those.
    typed = {constraint.name for kind in (CDMO, SITE) for constraint in kind.model._meta.constraints}
    typed = {name for name in typed if not name.endswith(("_number_once", "_status_known"))}
    assert typed == set(models.CDMO.BESIDE) | set(models.Site.BESIDE)
    assert len(typed) == len(clashes)


def test_what_no_constraint_of_the_model_forbids_is_not_explained_away(world, unchecked):
    """A null in the database: nothing that a person typed, so it breaks loudly."""
    with scope(world.nina), pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.CDMO, "full_clean", lambda record, exclude=None: None)
        with pytest.raises(IntegrityError, match="null value"):
            create(CDMO, by=world.nina, values=NEW | {"country": None})


def test_a_clash_that_only_the_database_saw_is_said_in_the_same_words(world, monkeypatch):
    """Somebody files the same name between the check and the save."""
    monkeypatch.setattr(models.CDMO, "validate_constraints", lambda record, exclude=None: None)
    with scope(world.nina):
        with pytest.raises(ValidationError, match="There is a CDMO of this name already"):
            create(CDMO, by=world.nina, values=NEW | {"name": "Lyra Biologics"})
        assert models.CDMO.objects.visible_to(world.nina).filter(name="Lyra Biologics").count() == 1
