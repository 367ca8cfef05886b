"""Ways to win days back: each change of a stated catalogue tried alone on the plan, ranked by the days it regains.

Only the steps on the driving chain of the study are looked at: no other can win it a day. Each is tried by what it
moves and nothing else; one that changes what waits for what is computed anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Min

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.words import day_in_words
from techtransfer.forecast.days import date_of
from techtransfer.forecast.plan import Plan, calendar_of, node_of
from techtransfer.models import Milestone
from techtransfer.schedule import ScheduleError, forward, propagate, trace

from .applying import AT_RISK, applied
from .ground import RELEASE, Called, Ground, is_held
from .suppositions import Impossible, Kind, Supposition

MOST = 6  # that are shown
TRIED = 120  # no more are tried, those of the latest steps first
SLOTS = 4  # slots of other lines that are tried for one step
_NODE = ("duration", "calendar", "not_before", "finish_not_before", "slots", "actual_start", "remaining")


@dataclass(frozen=True, slots=True)
class Way:
    """One change, what it would need, and the days that it wins for the study."""

    days: int
    title: str
    condition: str
    supposition: Supposition


@dataclass(frozen=True, slots=True)
class Best:
    """The fastest release of one side that is on file, of how many."""

    days: int
    cases: int


def best_releases(*, by: Actor) -> dict[int | None, Best]:
    """For each partner, and for the sponsor (None), in one statement: how fast a release was at its best."""
    rows = Milestone.objects.visible_to(by).filter(
        step=RELEASE, status=Milestone.Status.DONE, actual_start__isnull=False, duration_days__gt=0
    )
    taken = rows.order_by().values("cdmo_id").annotate(best=Min(F("actual_end") - F("actual_start")), cases=Count("pk"))
    return {row["cdmo_id"]: Best(row["best"].days + 1, row["cases"]) for row in taken}


def ways_of(ground: Ground, study: int, best: Mapping[int | None, Best]) -> list[Way]:
    """Those that win days for the study that starts on the step `study`, the best first."""
    chain = trace(ground.now.network, ground.now.dates, study)
    tried = list(_candidates(ground, [key for key in reversed(chain) if _is_open(ground, key)], best))[:TRIED]
    found = []
    for title, condition, supposition in tried:
        if (days := _wins(ground, supposition, study)) > 0:
            found.append(Way(days, title, condition, supposition))
    return sorted(found, key=lambda way: (-way.days, way.supposition.line))[:MOST]


def _is_open(ground: Ground, key: int) -> bool:
    return ground.plan.steps[key].actual_end is None


Candidate = tuple[str, str, Supposition]  # what it is called, what it needs, and what is supposed


def _candidates(ground: Ground, chain: list[int], best: Mapping[int | None, Best]) -> Iterator[Candidate]:
    """Everything in the catalogue that could be of this chain."""
    for key in chain:
        yield from _of_slots(ground, key)
        yield from _of_release(ground, key, best)
        yield from _of_hold(ground, key)
        yield from _of_plan(ground, key)


def _of_slots(ground: Ground, key: int) -> Iterator[Candidate]:
    """An earlier free slot, of its own line or of another one at its site."""
    step, called = ground.plan.steps[key], ground.called[key]
    if not step.line or step.actual_start is not None:
        return
    start = ground.now.start(key)
    free = [slot for slot in ground.slots if slot.step is None and slot.site == step.site]
    # A wish of another programme's stands in the way of none: the page says who wants it, too.
    sooner = [slot for slot in free if ground.plan.today <= slot.day < start]
    for slot in sooner[-SLOTS:]:
        other = slot.line != step.line
        needs = f"{_who(called)} has to accept {slot.number}"
        if other:
            needs = f"Needs {called.title} qualified on {slot.line}; {slot.number} is free"
        yield (
            f"Use {slot.line} on {_day(slot.day)} for {called.title}",
            f"{needs}.",
            Supposition(Kind.SLOT_TAKEN, step.number, slot=slot.number),
        )


def _of_release(ground: Ground, key: int, best: Mapping[int | None, Best]) -> Iterator[Candidate]:
    """As fast as this side was at its best; and what can go on before the release."""
    step, called = ground.plan.steps[key], ground.called[key]
    if called.step != RELEASE:
        return
    takes = ground.now.end(key) - ground.now.start(key) + 1
    known = best.get(step.cdmo)
    if known and known.days < takes and step.duration:
        sooner = takes - known.days
        cases = "release" if known.cases == 1 else f"fastest of {known.cases} releases"
        yield (
            f"{called.title} {_days(sooner)} sooner",
            f"As fast as {_who(called)} was at its best: the {cases} on file took {_days(known.days)}.",
            Supposition(Kind.RELEASE_EARLY, step.number, sooner),
        )
    after = [link.succ for link in ground.plan.links if link.pred == key and link.type == "FS"]
    risky = [ground.called[succ].title for succ in after if ground.called[succ].step in AT_RISK]
    if risky:
        yield (
            f"{' and '.join(risky)} under quarantine",
            f"Before {called.title} ends, at risk: the quality agreement has to allow it, and what comes after waits.",
            Supposition(Kind.QUARANTINE, step.number),
        )


def _of_hold(ground: Ground, key: int) -> Iterator[Candidate]:
    step, called = ground.plan.steps[key], ground.called[key]
    if is_held(step) and called.hold_number:
        yield (
            f"Close {called.hold_number} today",
            f"It holds {called.title}; its end is expected on {_day(max(step.held_until or 0, step.held_since or 0))}.",
            Supposition(Kind.HOLD_ENDS, called.hold_number),
        )


def _of_plan(ground: Ground, key: int) -> Iterator[Candidate]:
    """What the plan itself could say: its day to begin, its working days, its length."""
    step, called = ground.plan.steps[key], ground.called[key]
    if step.actual_start is None and step.earliest_start is not None and step.earliest_start > ground.plan.today:
        yield (
            f"Start {called.title} as early as its logic allows",
            f"It is planned not before {_day(step.earliest_start)}.",
            Supposition(Kind.START_FREED, step.number),
        )
    if calendar_of(step) is not None and step.duration:
        yield (
            f"Work every day on {called.title}",
            f"{_who(called)} works the days of its site now; weekends and closures would count.",
            Supposition(Kind.EVERY_DAY, step.number),
        )
    if called.optimistic is not None and 0 < called.optimistic < step.duration:
        yield (
            f"{called.title} in {_days(called.optimistic)}",
            f"Its optimistic duration; {_days(step.duration)} are likely.",
            Supposition(Kind.DURATION, step.number, called.optimistic),
        )


def _wins(ground: Ground, said: Supposition, study: int) -> int:
    """By how many days the study would be sooner; 0 for what cannot be."""
    try:
        plan = applied(ground, [said]).plan
        if plan.links is not ground.plan.links:
            dates = forward(plan.network(), plan.today)
            return ground.now.dates.finish[study] - dates.finish[study]
        moved = propagate(ground.now.network, ground.now.dates, _changes(ground, plan))
    except (Impossible, ScheduleError):
        return 0
    return ground.now.dates.finish[study] - moved[study][1] if study in moved else 0


def _changes(ground: Ground, plan: Plan) -> dict[int, dict[str, object]]:
    """The fields of the nodes that are others than in today's network."""
    found: dict[int, dict[str, object]] = {}
    for key, step in plan.steps.items():
        if step is ground.plan.steps[key] and plan.slots.get(key) == ground.plan.slots.get(key):
            continue
        node = node_of(step, plan.calendars.get(calendar_of(step) or ""), plan.today)
        values: dict[str, object] = {name: getattr(node, name) for name in _NODE}
        had = ground.now.network.rules[ground.now.network.at(key)].node.slots
        values["slots"] = plan.slots.get(key) if had is not None and step.actual_start is None else None
        found[key] = values
    return found


def _who(called: Called) -> str:
    return called.cdmo or "your own team"


def _day(day: int) -> str:
    return day_in_words(date_of(day))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
