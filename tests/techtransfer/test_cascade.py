"""What happens at one site moves everything that waits for it, and says why."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create, move
from oversight.kernel.trail.change import change
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, recascade
from techtransfer.models import Dependency, ImpactAlert, Milestone, Programme, Study
from techtransfer.records import CLOSURE, MILESTONE, SLOT
from techtransfer.tasks import follow_a_programme, follow_the_day, follow_the_days
from tests.cast import World, system
from tests.factories.dependency import link
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.study import study

EVERY_DAY = {"calendar": "EVERY_DAY"}


class Supply:
    """Drug substance at Lyra, released by Acme, filled at Orion, and a study that waits for it."""

    def __init__(self, world: World, *, line: str = "") -> None:
        omar = world.omar
        self.world, self.system = world, system(world.acme)
        self.programme: Programme = plan(omar)
        self.make = step(omar, world.lyra_site, self.programme, "Make DS", duration_days=20, **EVERY_DAY)
        self.release = step(omar, None, self.programme, "Release DS", duration_days=10, step="RELEASE", **EVERY_DAY)
        self.fill = step(
            omar, world.orion_site, self.programme, "Fill DP", duration_days=4, stage="DP", line=line, **EVERY_DAY
        )
        self.dosed = step(omar, None, self.programme, "First patient in", duration_days=0, stage="STUDY", **EVERY_DAY)
        for before, after in ((self.make, self.release), (self.release, self.fill), (self.fill, self.dosed)):
            link(omar, before, after)
        self.study = study(omar, self.programme, first_patient_in=self.dosed)

    def cascade(self, cause: Cause | None = None, **who: str) -> int:
        with scope(self.system):
            return recascade(self.programme.pk, by=self.system, reasons=Reasons(cause or Cause(words="Planned"), **who))

    def freeze(self) -> None:
        """Take the present forecast as the baseline, as an approval does."""
        for each in (self.make, self.release, self.fill, self.dosed):
            now = self.read(each)
            put(self.world, each, baseline_start=now.forecast_start, baseline_end=now.forecast_end)
        put(self.world, self.study, baseline_first_patient_in=self.read(self.study).forecast_first_patient_in)
        self.cascade()

    def read(self, record: Milestone | Study) -> Milestone | Study:
        with scope(self.system):
            return type(record).objects.get(pk=record.pk)


def today() -> date:
    return timezone.now().date()


def after(days: int) -> date:
    return today() + timedelta(days=days)


def test_the_first_run_dates_every_step_as_people_count(world: World) -> None:
    supply = Supply(world)
    assert supply.cascade() == 4
    dates = [
        (each.forecast_start, each.forecast_end)
        for each in map(supply.read, (supply.make, supply.release, supply.fill, supply.dosed))
    ]
    assert dates == [(today(), after(19)), (after(20), after(29)), (after(30), after(33)), (after(34), after(34))]
    assert supply.read(supply.study).forecast_first_patient_in == after(34)
    with scope(world.nina):
        assert ImpactAlert.objects.count() == 0, "nobody knew of any date before"


def test_running_twice_gives_the_same_and_writes_nothing(world: World) -> None:
    supply = Supply(world)
    supply.cascade()
    with scope(supply.system):
        before = Milestone.history.count(), Study.history.count()
    assert supply.cascade() == 0
    with scope(supply.system):
        assert (Milestone.history.count(), Study.history.count()) == before


def test_a_partners_move_shifts_what_waits_and_the_trail_says_why(world: World) -> None:
    supply = Supply(world)
    supply.cascade()
    supply.freeze()
    with scope(world.paul):
        version = Milestone.objects.visible_to(world.paul).get(pk=supply.make.pk).version
        values = {"partner_end": after(26)}
        move(
            MILESTONE,
            supply.make.pk,
            "forecast",
            by=world.paul,
            version=version,
            values=values,
            reason="Resin is late",
        )
    made = supply.read(supply.make)
    cause = Cause.of(made, made.fact)
    with scope(supply.system):
        before = {pk: Milestone.history.filter(id=pk).count() for pk in Milestone.objects.values_list("pk", flat=True)}
    assert supply.cascade(cause, person="Paul Keller", own_person="Paul Keller") == 4
    moved = supply.read(supply.fill)
    assert (moved.forecast_end, moved.forecast_before, moved.slip_days) == (after(40), after(33), 7)
    assert moved.moved_because == f"FS {supply.release.number}"
    with scope(supply.system):
        for each in (supply.make, supply.release, supply.fill, supply.dosed):
            assert Milestone.history.filter(id=each.pk).count() == before[each.pk] + 1, each.title
        last = {
            each.pk: Milestone.history.filter(id=each.pk).latest("history_id") for each in (supply.make, supply.fill)
        }
    told = f"{made.number}: the partner moved it to {made.partner_end:%d %b %Y}, by Paul Keller.".replace("to 0", "to ")
    assert last[supply.make.pk].history_change_reason == told
    assert last[supply.fill.pk].history_change_reason == "A step before it moved.", "Orion reads nothing of Lyra"
    assert {row.history_source for row in last.values()} == {"task"}
    found = supply.read(supply.study)
    assert (found.forecast_first_patient_in, found.slip_days) == (after(41), 7)
    assert [(share["number"], share["days"]) for share in found.chain] == [(made.number, 7)]


def test_alerts_stand_for_the_study_and_for_each_side(world: World) -> None:
    supply = Supply(world)
    supply.cascade()
    supply.freeze()
    put(world, supply.make, earliest_start=after(5))
    supply.cascade(Cause.of(supply.make, "its plan was changed"))
    with scope(world.nina):
        told = {(alert.cdmo_id, alert.study_id): alert for alert in ImpactAlert.objects.visible_to(world.nina)}
    assert set(told) == {(None, supply.study.pk), (None, None), (world.lyra.pk, None), (world.orion.pk, None)}
    assert told[None, supply.study.pk].title == f"{supply.study.code} starts 5 days later"
    assert told[world.orion.pk, None].days == 5
    assert told[None, supply.study.pk].owner_ids == [world.omar.user]
    with scope(world.olga):
        seen = ImpactAlert.objects.visible_to(world.olga).get()
        assert seen.title == f"One step of {supply.fill.product_code} moved 5 days later"
    put(world, supply.make, earliest_start=after(2))
    supply.cascade(Cause.of(supply.make, "its plan was changed"))
    with scope(world.nina):
        assert ImpactAlert.objects.count() == 4, "what nobody has seen goes on"
        standing = ImpactAlert.objects.get(study=supply.study)
    assert (standing.was_on, standing.now_on, standing.days) == (after(34), after(36), 2)


def test_a_held_step_takes_the_partners_time_and_the_chain_names_the_cause(world: World) -> None:
    supply = Supply(world)
    supply.cascade()
    supply.freeze()
    put(world, supply.make, status="IN_PROGRESS", actual_start=today())
    held = {"hold_kind": "quality_deviation", "hold_id": 7, "hold_number": "DEV-26-0007", "hold_cause": "Colony found"}
    put(world, supply.make, held_since=today(), held_until=after(23), **held)
    supply.cascade(Cause("quality_deviation", 7, "DEV-26-0007", "it holds DS-26-001", world.lyra.pk))
    found = supply.read(supply.study)
    assert found.slip_days == 23
    assert [(share["kind"], share["number"], share["days"]) for share in found.chain] == [
        ("quality_deviation", "DEV-26-0007", 23)
    ]


def test_days_that_a_hold_has_lasted_are_its_own(world: World) -> None:
    supply = Supply(world)
    put(world, supply.make, status="IN_PROGRESS", actual_start=after(-15))
    supply.cascade()
    supply.freeze()
    held = {"hold_kind": "quality_deviation", "hold_id": 7, "hold_number": "DEV-26-0007", "hold_cause": "Colony found"}
    put(world, supply.make, held_since=after(-10), held_until=after(5), **held)
    supply.cascade()
    made = supply.read(supply.make)
    assert made.forecast_end == after(19), "fifteen days of work are left when it is over"
    assert made.hold_days == 15, "from ten days ago until five days from now"
    assert [(share["number"], share["days"]) for share in supply.read(supply.study).chain] == [("DEV-26-0007", 15)]


def test_a_missed_slot_costs_the_days_until_the_next(world: World) -> None:
    supply = Supply(world, line="Line 2")
    for day in (after(30), after(58)):
        with scope(world.omar):
            create(
                SLOT,
                by=world.omar,
                values={
                    "cdmo": world.orion,
                    "site": world.orion_site,
                    "line": "Line 2",
                    "starts_on": day,
                    "days": 4,
                },
            )
    supply.cascade()
    supply.freeze()
    assert supply.read(supply.fill).forecast_start == after(30)
    put(world, supply.make, earliest_start=after(3))
    supply.cascade()
    found = supply.read(supply.study)
    assert supply.read(supply.fill).forecast_start == after(58)
    assert [(share["kind"], share["days"]) for share in found.chain] == [
        ("techtransfer_milestone", 3),
        ("techtransfer_slot", 25),
    ]
    assert found.slip_days == 28
    put(world, supply.make, earliest_start=after(60))
    supply.cascade()
    assert supply.read(supply.fill).warning.startswith("No free slot of Line 2 is known")


def test_a_closure_of_the_site_stops_its_working_days(world: World) -> None:
    supply = Supply(world)
    put(world, supply.make, calendar="SITE")
    supply.cascade()
    before = supply.read(supply.make).forecast_end
    values = {"cdmo": world.lyra, "site": world.lyra_site, "title": "Shutdown", "why": "SHUTDOWN"}
    monday = after(14 - today().weekday())
    with scope(world.omar):
        span = {"starts_on": monday, "ends_on": monday + timedelta(days=6)}
        create(CLOSURE, by=world.omar, values=values | span)
    supply.cascade()
    assert supply.read(supply.make).forecast_end == before + timedelta(days=7)


def test_a_loop_made_past_the_form_is_said_on_the_programme(world: World) -> None:
    supply = Supply(world)
    supply.cascade()
    with change(by=supply.system, reason="Past the form"):
        Dependency.objects.create(
            programme=supply.programme, predecessor=supply.dosed, successor=supply.make, status="ACTIVE"
        )
    assert supply.cascade() == 0
    with scope(supply.system):
        problem = Programme.objects.get(pk=supply.programme.pk).forecast_problem
    assert problem.startswith("These steps wait for each other: ")
    assert supply.read(supply.study).forecast_first_patient_in == after(34), "the last dates stay"


@pytest.mark.parametrize("name", ["paul", "olga", "connie"])
def test_nobody_reads_beyond_its_own(world: World, name: str) -> None:
    supply = Supply(world)
    supply.cascade()
    actor: Actor = getattr(world, name)
    with scope(actor):
        seen = set(Milestone.objects.visible_to(actor).values_list("title", flat=True))
    assert seen == {"Make DS"} if name != "olga" else {"Fill DP"}


def test_a_day_that_passes_moves_what_has_not_begun(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    supply = Supply(world)
    supply.cascade()
    with change(by=supply.system, reason="As of yesterday"):
        yesterday = timezone.now() - timedelta(days=1)
        Programme.objects.filter(pk=supply.programme.pk).update(forecast_at=yesterday)
    put(world, supply.make, forecast_start=after(-1), forecast_end=after(18))
    asked: list[int] = []
    monkeypatch.setattr(follow_the_day, "apply_async", lambda kwargs, expires: asked.append(kwargs["tenant"]))
    follow_the_days()
    assert asked == [world.acme.pk], "Rival has no plan"
    each: list[dict[str, int]] = []
    monkeypatch.setattr(follow_a_programme, "apply_async", lambda kwargs, expires: each.append(kwargs))
    follow_the_day(tenant=world.acme.pk)
    assert each == [{"tenant": world.acme.pk, "programme": supply.programme.pk}]
    follow_a_programme(**each[0])
    moved = supply.read(supply.make)
    assert (moved.forecast_start, moved.forecast_before) == (today(), after(18))
    with scope(supply.system):
        assert (
            Milestone.history.filter(id=supply.make.pk).latest("history_id").history_change_reason
            == "A day has passed."
        )
    follow_the_day(tenant=world.acme.pk)
    assert len(each) == 1, "once a day"
    with scope(supply.system):
        assert Milestone.history.filter(id=supply.make.pk).latest("history_id").version == moved.version, "once a day"
