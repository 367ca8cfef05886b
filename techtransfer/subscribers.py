"""Who hears of what moves a date: each event leads to the programmes whose plan it touches."""

from collections.abc import Callable
from typing import Any

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import Subscriber, subscribe
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.about import model_of
from oversight.kernel.workflow.models import Case
from oversight.roles import PARTNER_SIDE

from .causes import Cause
from .exchange.committing import IMPORTED
from .forecast import Reasons, lock_programme, recascade
from .models import Milestone, Programme
from .simulation.asking import ASKED, refresh
from .warning.looking import look

Touched = Callable[[Any], set[int]]


def _own(record: Any) -> set[int]:
    return {record.programme_id}


def _itself(record: Any) -> set[int]:
    return {record.pk}


def _of_line(record: Any) -> set[int]:
    """Whoever waits for a slot of that line, or of the line whose slot it was before."""
    places = {*record.history.order_by().values_list("site_id", "line"), (record.site_id, record.line)}
    return {programme for site, line in places for programme in _programmes(site_id=site, line=line)}


def _of_site(record: Any) -> set[int]:
    """Whoever works at the site that it closes, or that it closed before."""
    sites = {*record.history.order_by().values_list("site_id", flat=True), record.site_id}
    return _programmes(site_id__in=sites)


def _at_site(record: Any) -> set[int]:
    return _programmes(site_id=record.pk)


def _programmes(**where: Any) -> set[int]:
    rows = Milestone.objects.filter(status__in=Milestone.OPEN, **where).order_by()
    return set(rows.values_list("programme_id", flat=True).distinct())


# Each event that may move a date: whose plan it touches, and what it says of its record.
EVENTS: dict[str, tuple[Touched, str]] = {
    "milestone.opened": (_own, "the step was added"),
    "milestone.amended": (_own, "its plan was changed"),
    "milestone.start": (_own, "it began"),
    "milestone.finish": (_own, "it ended"),
    "milestone.reopen": (_own, "it was opened again"),
    "milestone.forecast": (_own, "its date was moved"),
    "milestone.confirm": (_own, "its date was confirmed"),
    "milestone.void": (_own, "the step was taken out"),
    "milestone.slot_wanted": (_own, "another step wants its slot"),
    "dependency.opened": (_own, "the dependency was added"),
    "dependency.amended": (_own, "the dependency was changed"),
    "dependency.void": (_own, "the dependency was taken out"),
    "slot.opened": (_of_line, "the slot was offered"),
    "slot.amended": (_of_line, "the slot was changed"),
    "slot.book": (_of_line, "the slot was booked"),
    "slot.free": (_of_line, "the slot was given back"),
    "slot.lose": (_of_line, "the slot was lost"),
    "slot.void": (_of_line, "the slot was taken out"),
    "closure.opened": (_of_site, "the site will be closed"),
    "closure.amended": (_of_site, "the closure of the site was changed"),
    "closure.void": (_of_site, "the closure of the site was taken out"),
    "site.amended": (_at_site, "the site was changed"),
    "study.opened": (_own, "the study was added"),
    "study.amended": (_own, "the study was changed"),
    "study.start": (_own, "the study began"),
    "study.void": (_own, "the study was taken out"),
    "baseline.approve": (_own, "the baseline was approved"),
    "programme.reopen": (_itself, "the programme was opened again"),
    "programme.plan_imported": (_itself, "a plan was imported"),
    "closure.imported": (_of_site, "closures of the site were imported"),
}

# Each event after which a step may be another's risk to its date: whose steps are looked at again.
WARNED: dict[str, Touched] = {
    **dict.fromkeys(
        ("check_in.opened", "check_in.amended", "check_in.void"), lambda record: {record.milestone.programme_id}
    ),
    **dict.fromkeys(
        (f"milestone.{move}" for move in ("amended", "start", "finish", "reopen", "forecast", "void")), _own
    ),
    "baseline.approve": _own,
    "programme.close": _itself,
    IMPORTED: _itself,
}
# What simulations draw from, besides dates: what was learnt, durations, the days to hold.
DRAWN = ("check_in.opened", "check_in.amended", "check_in.void", "milestone.amended", "baseline.approve", IMPORTED)


def follow(event: Event, actor: Actor) -> None:
    """Recompute every programme that the event touches, always in the same order."""
    record = model_of(event.kind).objects.visible_to(actor).filter(pk=event.record_id).first()
    if not isinstance(record, Case):
        return
    touched, words = EVENTS[event.name]
    fact = record.fact if event.name == "milestone.forecast" else ""  # the partner moved it to 5 Mar 2027
    reasons = Reasons(Cause.of(record, fact or words), **people(event))
    programmes = sorted(touched(record))
    for programme in programmes:  # all of them before the first writes: two such acts never wait for each other
        lock_programme(programme, by=actor)
    for programme in programmes:
        recascade(programme, by=actor, reasons=reasons)


def look_ahead(event: Event, actor: Actor) -> None:
    """Say anew which steps of the programme are likely to end late."""
    record = model_of(event.kind).objects.visible_to(actor).filter(pk=event.record_id).first()
    if isinstance(record, Case):
        look(WARNED[event.name](record), by=actor)


def people(event: Event) -> dict[str, str]:
    """Who caused it: for the sponsor by name, and for the partner, if it is one of its own."""
    return {"person": event.user_name, "own_person": event.user_name if event.role in PARTNER_SIDE else ""}


def refresh_simulation(event: Event, actor: Actor) -> None:
    """What the runs say of a programme is asked anew when its dates moved, or what they are drawn from."""
    record = model_of(event.kind).objects.visible_to(actor).filter(pk=event.record_id).first()
    if record is None:
        return
    keys = WARNED[event.name](record) if event.name in DRAWN else {record.pk}
    for programme in Programme.objects.visible_to(actor).filter(pk__in=keys):
        refresh(programme, by=actor)


def simulate(event: Event, actor: Actor) -> None:
    """Make the runs that were asked for. Only a worker needs what they are made with."""
    from .simulation.running import make

    make(event, actor)


def begin() -> None:
    """Hear of them; called when the process is ready."""
    subscribe(Subscriber("cascade", frozenset(EVENTS), follow))
    subscribe(Subscriber("early warnings", frozenset(WARNED), look_ahead))
    subscribe(Subscriber("simulation_refresh", frozenset({"programme.dates_moved", *DRAWN}), refresh_simulation))
    subscribe(Subscriber("simulation", frozenset({ASKED}), simulate))
