"""A baseline: frozen when it is proposed, signed by a second person, and nothing else moves a baseline's dates."""

from dataclasses import replace
from datetime import date

import pytest

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.esign.models import Signature
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.definition import OF_ALL
from oversight.kernel.workflow.refusals import NotAllowed
from oversight.roles import Role
from techtransfer.models import Baseline, BaselineDate, Milestone, Programme, Study
from tests.cast import World, join, person, system
from tests.factories.baseline import propose
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.study import study

from .acting import act, change_it, look, told, unmet, versions

MAKE = (date(2027, 2, 1), date(2027, 3, 2))
FILL = (date(2027, 3, 3), date(2027, 3, 7))
LATER = (date(2027, 3, 29), date(2027, 4, 2))


@pytest.fixture
def clara(world: World) -> Actor:
    """Acme's CMC director."""
    with change(by=system(world.acme), reason="Joined"):
        return join(world.acme, person("Clara Holt"), Role.CMC_DIRECTOR, world.acme.name)


def two_steps(world: World) -> tuple[Programme, Milestone, Milestone, Study]:
    """Made at Lyra, filled at Orion, where the study begins; one forecast, one only planned, one void."""
    programme = plan(world.omar)
    make, fill = (
        step(world.omar, site, programme, title, planned_start=dates[0], planned_end=dates[1])
        for site, title, dates in ((world.lyra_site, "Make", MAKE), (world.orion_site, "Fill", FILL))
    )
    put(world, make, forecast_start=MAKE[0], forecast_end=MAKE[1])
    put(world, step(world.omar, programme=programme, title="Made by mistake"), status="VOID")
    return programme, make, fill, study(world.omar, programme, first_patient_in=fill)


def frozen(record: Baseline, by: Actor) -> dict[int, tuple[date, date]]:
    with scope(by):
        rows = BaselineDate.objects.visible_to(by).filter(baseline=record)
        return {row.milestone_id: (row.start_on, row.end_on) for row in rows}


def test_the_forecast_is_frozen_when_it_is_proposed(world: World) -> None:
    programme, make, fill, _ = two_steps(world)
    record = propose(world.omar, programme)
    assert (record.number, record.status, record.steps) == ("BSL-0001", "PROPOSED", 2)
    assert frozen(record, world.nina) == {make.pk: MAKE, fill.pk: FILL}
    put(world, fill, forecast_start=LATER[0], forecast_end=LATER[1])
    assert frozen(record, world.nina)[fill.pk] == FILL
    assert look(make, world.nina).baseline_end is None


def test_signed_it_counts_for_steps_and_studies(world: World) -> None:
    programme, make, fill, waiting = two_steps(world)
    record = propose(world.omar, programme)
    put(world, fill, forecast_start=LATER[0], forecast_end=LATER[1])
    put(world, waiting, forecast_first_patient_in=LATER[1])
    before = {each: versions(each, world.nina) for each in (make, fill, waiting)}
    signed = act(record, "approve", by=world.nina, signed=True, reason="As agreed in the steering committee")
    assert (signed.status, signed.approved_at is not None) == ("APPROVED", True)
    made, filled, starts = look(make, world.nina), look(fill, world.nina), look(waiting, world.nina)
    assert (made.baseline_start, made.baseline_end, made.slip_days) == (*MAKE, 0)
    assert (filled.baseline_start, filled.baseline_end, filled.slip_days) == (*FILL, 26)
    assert (starts.baseline_first_patient_in, starts.slip_days) == (FILL[1], 26)
    assert {each: versions(each, world.nina) for each in before} == {each: one + 1 for each, one in before.items()}
    with scope(world.nina):
        newest = Milestone.history.filter(id=fill.pk).latest("history_id")
        meaning = Signature.objects.visible_to(world.nina).get().meaning
    assert newest.history_change_reason == "As agreed in the steering committee"
    assert meaning == "I approve these dates as the baseline against which this programme is measured."


def test_the_next_one_takes_its_place_and_moves_only_what_differs(world: World, clara: Actor) -> None:
    programme, make, fill, waiting = two_steps(world)
    first = propose(world.omar, programme)
    act(first, "approve", by=world.nina, signed=True, reason="Agreed")
    put(world, fill, forecast_start=LATER[0], forecast_end=LATER[1])
    second = propose(world.nina, programme, title="After the repair")
    before = {each: versions(each, world.nina) for each in (first, make, fill, waiting)}
    act(second, "approve", by=clara, signed=True, reason="Agreed again")
    assert (look(first, world.nina).status, look(second, world.nina).status) == ("REPLACED", "APPROVED")
    assert (look(fill, world.nina).baseline_end, look(fill, world.nina).slip_days) == (LATER[1], 0)
    grown = {each: versions(each, world.nina) - number for each, number in before.items()}
    assert grown == {first: 1, make: 0, fill: 1, waiting: 1}
    with scope(world.nina):
        names = [*Event.objects.filter(kind="techtransfer_baseline").order_by("pk").values_list("name", flat=True)]
    assert names == [
        "baseline.opened", "baseline.approve", "baseline.opened", "baseline.replaced", "baseline.approve",
    ]  # fmt: skip


def test_nobody_approves_what_they_proposed_nor_without_the_office(world: World) -> None:
    programme, *_ = two_steps(world)
    mine = propose(world.nina, programme)
    assert unmet(lambda: act(mine, "approve", by=world.nina, signed=True, reason="Mine")) == (
        "You proposed it: somebody else has to approve it.",
    )
    with pytest.raises(NotAllowed):
        act(mine, "approve", by=world.omar, signed=True, reason="Not a director")
    assert told(lambda: act(mine, "decline", by=world.nina)) == {
        "reason": ["Say why. The reason is kept in the history."]
    }
    assert act(mine, "decline", by=world.nina, reason="Too early").status == "DECLINED"
    assert told(lambda: act(propose(world.omar, programme), "approve", by=world.nina, reason="Unsigned")) == {
        "password": ["Sign with your password."]
    }


def test_without_a_forecast_there_is_nothing_to_freeze(world: World) -> None:
    programme = plan(world.omar)
    assert told(lambda: propose(world.omar, programme)) == {
        "programme": ["This programme has no step yet: plan its steps first."]
    }
    numbers = [step(world.omar, world.lyra_site, programme, f"Step {each}").number for each in range(4)]
    named = f"{', '.join(numbers[:3])} and 1 more"
    said = f"There is no forecast yet of {named}: enter their planned dates, or wait until they are computed."
    assert told(lambda: propose(world.omar, programme)) == {"programme": [said]}
    put(world, programme, forecast_problem="These steps wait for each other.")
    assert told(lambda: propose(world.omar, programme)) == {
        "programme": ["There is no forecast to freeze. These steps wait for each other."]
    }


def test_who_sees_some_partners_only_neither_proposes_nor_approves(world: World) -> None:
    programme, *_ = two_steps(world)
    record = propose(world.omar, programme)
    connie = replace(world.connie, role=Role.QA_DIRECTOR)
    assert unmet(lambda: act(record, "approve", by=connie, signed=True, reason="Seen")) == (OF_ALL,)
    assert told(lambda: propose(connie, programme)) == {"__all__": [OF_ALL]}


def test_no_amendment_reaches_what_a_baseline_says(world: World) -> None:
    programme, make, _, waiting = two_steps(world)
    record = propose(world.omar, programme)
    sentence = ["You cannot set this."]
    assert told(lambda: change_it(make, by=world.omar, baseline_end=MAKE[0])) == {"baseline_end": sentence}
    assert told(lambda: change_it(waiting, by=world.omar, baseline_first_patient_in=MAKE[0])) == {
        "baseline_first_patient_in": sentence
    }
    assert told(lambda: change_it(record, by=world.omar, programme=programme)) == {"programme": sentence}
    assert change_it(record, by=world.omar, title="Agreed in May").title == "Agreed in May"


def test_no_partner_finds_it(world: World) -> None:
    record = propose(world.omar, two_steps(world)[0])
    for partner in (world.paul, world.olga):
        with scope(partner):
            assert not Baseline.objects.filter(pk=record.pk).exists()
            assert not BaselineDate.objects.exists()
