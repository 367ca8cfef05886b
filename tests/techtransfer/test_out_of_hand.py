"""Who sees some CDMOs alone changes nothing that is the whole sponsor's, and is told so in words."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import amend, create, move
from oversight.kernel.workflow.definition import OF_ALL
from oversight.kernel.workflow.refusals import Refused
from oversight.roles import Role
from techtransfer.models import Programme
from techtransfer.records import MILESTONE, PROGRAMME
from tests.cast import World
from tests.factories.milestone import step
from tests.factories.programme import plan


def test_the_sponsors_own_is_out_of_a_narrowed_members_hand(world: World) -> None:
    connie = replace(world.connie, role=Role.CMC_DIRECTOR)
    programme = plan(world.omar)
    with scope(world.nina):
        before = Programme.history.count()
    with scope(connie), pytest.raises(Refused) as refused:
        move(PROGRAMME, programme.pk, "take", by=connie, version=1, values={}, reason="")
    assert refused.value.sentences == (OF_ALL,)
    with scope(connie), pytest.raises(Refused):
        amend(PROGRAMME, programme.pk, by=connie, version=1, values={"title": "Mine"}, reason="Because")
    values = {"programme": programme, "title": "A step of nobody's", "step": "OTHER", "stage": "DS", "duration_days": 1}
    with scope(connie), pytest.raises(ValidationError) as told:
        create(MILESTONE, by=connie, values=values)
    assert told.value.messages == [OF_ALL]
    with scope(world.nina):
        assert Programme.history.count() == before


def test_what_is_of_her_cdmos_is_hers_to_move(world: World) -> None:
    connie = replace(world.connie, role=Role.CMC_LEAD)
    record = step(world.omar, world.lyra_site)
    with scope(connie):
        assert move(MILESTONE, record.pk, "start", by=connie, version=1, values={}, reason="").status == "IN_PROGRESS"
