"""A step: begun, finished, moved by its partner, confirmed; and every date that cannot be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Event
from oversight.kernel.workflow.refusals import NotAllowed
from techtransfer.models import Milestone
from tests.cast import World
from tests.factories.milestone import put, step
from tests.factories.programme import plan

from .acting import act, change_it, look, told, unmet, versions

TODAY = date(2026, 11, 23)
SOON, LATE = date(2026, 12, 3), date(2027, 1, 8)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of that Monday in every story."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))


def test_a_new_step_bears_its_products_code_and_whoever_planned_it(world: World) -> None:
    programme = plan(world.omar)
    found = look(step(world.omar, world.lyra_site, programme), world.paul)
    assert (found.product_code, found.owner_name) == (programme.product.code, "Omar Haddad")
    assert (found.number, found.status) == ("MS-00001", "PLANNED")


def test_the_partner_begins_moves_and_finishes_its_step(world: World) -> None:
    record = step(world.omar, world.lyra_site)
    begun = act(record, "start", by=world.paul)
    assert (begun.status, begun.actual_start, begun.fact_kind) == ("IN_PROGRESS", TODAY, "techtransfer_milestone")
    moved = act(record, "forecast", by=world.paul, partner_end=LATE, reason="The column is being repaired")
    assert (moved.partner_end, moved.confirmed_on, moved.fact_id) == (LATE, TODAY, record.pk)
    assert moved.fact == "the partner moved it to 8 Jan 2027"
    done = act(record, "finish", by=world.paul, actual_end=TODAY)
    assert (done.status, done.actual_end, done.fact_number) == ("DONE", TODAY, record.number)
    assert versions(record, world.nina) == 4
    with scope(world.nina):
        names = [*Event.objects.filter(kind="techtransfer_milestone").order_by("pk").values_list("name", flat=True)]
        newest = Milestone.history.filter(id=record.pk).order_by("-history_id")[1]
    assert names == ["milestone.opened", "milestone.start", "milestone.forecast", "milestone.finish"]
    assert (newest.history_change_reason, newest.history_user_name) == ("The column is being repaired", "Paul Keller")


def test_the_sponsor_moves_a_date_in_its_own_name(world: World) -> None:
    record = step(world.omar, world.lyra_site)
    moved = act(record, "forecast", by=world.omar, partner_end=SOON, reason="By phone")
    assert moved.fact == "the sponsor moved it to 3 Dec 2026"


def test_a_step_finished_at_once_says_when_it_began(world: World) -> None:
    record = step(world.omar, world.lyra_site)
    assert told(lambda: act(record, "finish", by=world.paul, actual_end=TODAY)) == {
        "actual_start": ["Enter when it began, too."]
    }
    done = act(record, "finish", by=world.paul, actual_start=TODAY - timedelta(4), actual_end=TODAY)
    assert (done.actual_start, done.status) == (TODAY - timedelta(4), "DONE")


def test_a_moment_begins_and_ends_on_one_day(world: World) -> None:
    record = step(world.omar, duration_days=0, title="First patient in")
    assert act(record, "finish", by=world.omar, actual_end=TODAY).actual_start == TODAY


@pytest.mark.parametrize(
    ("name", "values", "beside"),
    [
        (
            "start",
            {"actual_start": TODAY + timedelta(1)},
            {"actual_start": ["This lies in the future. Enter what has happened."]},
        ),
        (
            "finish",
            {"actual_start": TODAY, "actual_end": TODAY - timedelta(1)},
            {"actual_end": ["It cannot end before it began."]},
        ),
        ("finish", {}, {"actual_end": ["Fill this in."]}),
        (
            "forecast",
            {"partner_end": TODAY - timedelta(1), "reason": "Late"},
            {"partner_end": ["This lies in the past. Enter when it will end, or finish the step."]},
        ),
        ("forecast", {"partner_end": SOON}, {"reason": ["Say why. The reason is kept in the history."]}),
    ],
)
def test_a_date_that_cannot_be_is_refused_beside_its_field(
    world: World, name: str, values: dict[str, object], beside: dict[str, list[str]]
) -> None:
    record = step(world.omar, world.lyra_site)
    assert told(lambda: act(record, name, by=world.paul, **values)) == beside
    assert versions(record, world.nina) == 1


def test_no_forecast_lies_before_an_actual_date(world: World) -> None:
    record = put(world, step(world.omar, world.lyra_site), status="IN_PROGRESS", actual_start=TODAY)
    sentence = "It began later than that. Enter a day after it began."
    assert told(lambda: change_it(record, by=world.omar, need_by=TODAY - timedelta(3))) == {"need_by": [sentence]}


@pytest.mark.parametrize(
    ("values", "beside"),
    [
        ({"duration_days": -1}, {"duration_days": ["A duration is not negative."]}),
        ({"optimistic_days": -5}, {"optimistic_days": ["A duration is not negative."]}),
        ({"duration_days": 4000}, {"duration_days": ["That is more than ten years."]}),
        ({"optimistic_days": 40}, {"optimistic_days": ["The optimistic duration is not longer than the likely one."]}),
        (
            {"planned_start": date(2027, 3, 2), "planned_end": date(2027, 3, 1)},
            {"planned_end": ["The planned end lies before the planned start."]},
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(
    world: World, values: dict[str, object], beside: dict[str, list[str]]
) -> None:
    record = step(world.omar, world.lyra_site)
    assert told(lambda: change_it(record, by=world.omar, **values)) == beside
    assert told(lambda: step(world.omar, world.lyra_site, record.programme, **values)) == beside


def test_a_step_lies_at_a_site_of_its_own_cdmo(world: World) -> None:
    sentence = "This is not a site of the CDMO. Choose one of its sites."
    assert told(lambda: step(world.omar, world.orion_site, cdmo=world.lyra)) == {"site": [sentence]}
    record = step(world.omar, world.lyra_site)
    assert told(lambda: change_it(record, by=world.omar, site=world.orion_site)) == {"site": [sentence]}


def test_the_partner_or_the_owner_confirms_what_was_planned(world: World) -> None:
    record = step(world.omar, world.lyra_site)
    assert unmet(lambda: act(record, "confirm", by=world.paul)) == ("It has no date yet: move the date instead.",)
    put(world, record, planned_end=SOON)
    assert unmet(lambda: act(record, "confirm", by=world.nina)) == (
        "The partner or the owner of the step confirms its dates: take it on first.",
    )
    assert act(record, "confirm", by=world.paul).confirmed_on == TODAY
    act(record, "take", by=world.nina)
    assert look(record, world.nina).owner_name == "Nina Berg"
    assert unmet(lambda: act(record, "confirm", by=world.nina)) == ("Its dates were confirmed today.",)
    put(world, record, confirmed_on=TODAY - timedelta(days=1))
    assert act(record, "confirm", by=world.nina).confirmed_on == TODAY
    assert unmet(lambda: act(record, "take", by=world.nina)) == ("It is yours already.",)


def test_a_partner_amends_nothing_and_takes_nothing(world: World) -> None:
    record = step(world.omar, world.lyra_site)
    with pytest.raises(NotAllowed):
        change_it(record, by=world.paul, title="Mine")
    for name in ("take", "void"):
        with pytest.raises(NotAllowed):
            act(record, name, by=world.paul, reason="Because")
    with pytest.raises(NotAllowed):
        act(record, "start", by=world.vito)


def test_a_step_that_follows_a_batch_is_moved_by_the_batch(world: World) -> None:
    record = put(world, step(world.omar, world.lyra_site), batch_id=7, batch_number="DS-26-014")
    sentence = "This step follows batch DS-26-014: move the batch."
    for name, values in (("start", {}), ("finish", {"actual_end": TODAY})):
        assert unmet(lambda name=name, values=values: act(record, name, by=world.paul, **values)) == (sentence,)
    assert unmet(lambda: act(record, "void", by=world.omar, reason="Double")) == (sentence,)
    put(world, record, status="DONE", actual_start=TODAY, actual_end=TODAY)
    assert unmet(lambda: act(record, "reopen", by=world.omar, reason="Not over")) == (sentence,)


def test_a_finished_step_is_opened_again_for_a_reason(world: World) -> None:
    record = step(world.omar, world.lyra_site)
    act(record, "finish", by=world.paul, actual_start=TODAY, actual_end=TODAY)
    assert told(lambda: act(record, "reopen", by=world.omar)) == {
        "reason": ["Say why. The reason is kept in the history."]
    }
    again = act(record, "reopen", by=world.omar, reason="One vial was missed")
    assert (again.status, again.actual_start, again.actual_end) == ("IN_PROGRESS", TODAY, None)


def test_nothing_is_added_to_a_closed_programme(world: World) -> None:
    programme = plan(world.omar)
    act(programme, "close", by=world.omar, reason="Sold")
    assert told(lambda: step(world.omar, world.lyra_site, programme)) == {
        "programme": ["This programme is closed. Reopen it first."]
    }


def test_a_step_needs_a_site_for_its_line_and_a_company_for_its_site(world: World) -> None:
    assert told(lambda: step(world.omar, line="Line 2")) == {"site": ["A fill line stands at a site. Choose it."]}
    assert told(lambda: step(world.omar, world.lyra_site, cdmo=None)) == {"cdmo": ["Say whose site it is."]}


def test_the_same_date_given_twice_on_one_day_says_nothing_new(world: World) -> None:
    record = step(world.omar, world.lyra_site)
    act(record, "forecast", by=world.paul, reason="Resin is late", partner_end=SOON)
    with pytest.raises(ValidationError) as told:
        act(record, "forecast", by=world.paul, reason="Still late", partner_end=SOON)
    assert told.value.message_dict == {"partner_end": ["This date was given today. Nothing would change."]}
