"""A programme of the cast: substance made at Lyra, filled at Orion, packed by Acme, and a study that waits for it."""

from dataclasses import dataclass
from datetime import date, timedelta

from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from quality.models import Deviation
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, recascade
from techtransfer.models import Dependency, Milestone, Programme, Study
from tests.cast import World, system
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.study import study

FIRST = date(2027, 3, 1)  # a Monday, and always to come for whoever reads this today


@dataclass
class Planned:
    """What the stories name."""

    programme: Programme
    make: Milestone
    release: Milestone
    fill: Milestone
    pack: Milestone
    start: Milestone
    study: Study


def planned(world: World, first: date = FIRST) -> Planned:
    """Made and released at Lyra, filled at Orion, packed by Acme; every day of the week counts; frozen as it stands."""
    programme = plan(world.omar, "Maritumab to phase 2")
    daily = {"calendar": "EVERY_DAY"}

    def one(title: str, site: object, length: int, **values: object) -> Milestone:
        return step(world.omar, site, programme, title, duration_days=length, **daily | values)

    make = one("Make DS-26-014", world.lyra_site, 30, earliest_start=first)
    release = one("Release DS-26-014", world.lyra_site, 10, step="RELEASE")
    fill = one("Fill DP-27-002", world.orion_site, 5, stage="DP", step="FILL_FINISH")
    pack = one("Pack CL-27-01", None, 8, stage="PACKAGED", step="PACK_LABEL")
    start = one("First patient in", None, 0, stage="STUDY", step="CLINICAL")
    for before, after in ((make, release), (release, fill), (fill, pack), (pack, start)):
        tie(world, before, after)
    waiting = study(world.omar, programme, code="ACM-101-2", first_patient_in=start)
    found = Planned(programme, make, release, fill, pack, start, waiting)
    run(world, programme)
    freeze(world, programme)
    return found


def tie(world: World, before: Milestone, after: Milestone, **values: object) -> Dependency:
    """As the plan's own author would; set past the workflow, so that a test may have hundreds."""
    with change(by=world.omar):
        return Dependency.objects.create(
            programme_id=before.programme_id, predecessor=before, successor=after, **values
        )


def filler(world: World, programme: Programme, count: int) -> None:
    """So many more steps that nothing waits for, put there at once."""
    with change(by=system(world.acme)):
        for place in range(count):
            Milestone.objects.create(
                tenant_id=world.acme.pk,
                programme=programme,
                product_code="ACM-101",
                title=f"Stability pull {place + 1}",
                step="TESTING",
                stage="DS" if place % 2 else "DP",
                cdmo=world.lyra if place % 2 else world.orion,
                site=world.lyra_site if place % 2 else world.orion_site,
                duration_days=3,
                earliest_start=FIRST + timedelta(place),
            )


def run(world: World, programme: Programme, cause: Cause | None = None) -> None:
    """The forecast as it is computed in the background."""
    with scope(system(world.acme)):
        recascade(programme.pk, by=system(world.acme), reasons=Reasons(cause or Cause(words="the plan was made")))


def freeze(world: World, programme: Programme) -> None:
    """What an approved baseline leaves behind."""
    with scope(system(world.acme)):
        steps = list(Milestone.objects.visible_to(system(world.acme)).filter(programme=programme))
        waiting = list(Study.objects.visible_to(system(world.acme)).filter(programme=programme))
    for each in steps:
        put(world, each, baseline_start=each.forecast_start, baseline_end=each.forecast_end)
    for each in waiting:
        put(world, each, baseline_first_patient_in=each.forecast_first_patient_in)
    run(world, programme)


def slip(world: World, found: Planned) -> None:
    """Lyra says that it makes the substance four days later."""
    move(world, found, found.make, 4, "the partner moved it to 3 Apr 2027")


def move(world: World, found: Planned, which: Milestone, days: int, words: str) -> None:
    """A partner says that a step ends so many days after its forecast."""
    with scope(world.nina):
        step = Milestone.objects.get(pk=which.pk)
    late = {"partner_end": step.forecast_end + timedelta(days), "fact_kind": step._meta.db_table, "fact_id": step.pk}
    put(world, step, **late, fact_number=step.number, fact=words)
    run(world, found.programme, Cause.of(step, "its date was moved"))


def lengthen(world: World, found: Planned, which: Milestone, days: int, words: str) -> None:
    """It takes so many days more than was planned."""
    facts = {"fact_kind": which._meta.db_table, "fact_id": which.pk, "fact_number": which.number, "fact": words}
    put(world, which, duration_days=which.duration_days + days, **facts)
    run(world, found.programme, Cause.of(which, "its plan was changed"))


def hold(world: World, found: Planned, which: Milestone, event: Deviation, *, until: date) -> None:
    """A deviation holds a step, as the batch that it makes would say."""
    named = {"hold_kind": event._meta.db_table, "hold_id": event.pk, "hold_number": event.number}
    put(world, which, held_since=date(2026, 11, 2), held_until=until, hold_cause=event.title, **named)
    run(world, found.programme, Cause.of(event, "it holds the batch"))
