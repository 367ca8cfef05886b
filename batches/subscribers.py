"""Who hears of what happens to a batch: the steps of the plan follow it, and all that waits for them."""

from batches.models import Batch, BatchHold
from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import Subscriber, subscribe
from oversight.kernel.outbox.models import Event
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, lock_programme, recascade
from techtransfer.models import Programme
from techtransfer.subscribers import people

from .services.steps import follow

WORDS = {
    "batch.opened": "the batch was planned",
    "batch.amended": "the batch was changed",
    "batch.start": "the batch was started",
    "batch.made": "the batch was made",
    "batch.send_record": "its record was sent",
    "batch.release": "the batch was released",
    "batch.reject": "the batch was rejected",
    "batch.held": "the batch was put on hold",
    "batch.freed": "the hold was lifted",
    "batch.void": "the batch was taken out",
}


def move_steps(event: Event, actor: Actor) -> None:
    """The steps of the batch say what the batch says; then the programme is computed anew."""
    batch = Batch.objects.visible_to(actor).filter(pk=event.record_id).first()
    if batch is None or lock_programme(batch.programme_id, by=actor) is None:
        return
    batch.refresh_from_db()  # as it stands now that nobody else computes this programme
    reasons = Reasons(_cause(event, batch, actor), **people(event))
    follow(batch, by=actor, reasons=reasons)
    recascade(batch.programme_id, by=actor, reasons=reasons)


def _cause(event: Event, batch: Batch, actor: Actor) -> Cause:
    """Of a hold, what holds the batch, or held it; of all else the batch itself."""
    words = WORDS[event.name]
    if event.name in ("batch.held", "batch.freed") and (key := event.facts.get("hold")):
        hold = BatchHold.objects.visible_to(actor).filter(pk=key).first()
        if hold is not None and hold.cause_kind != Batch._meta.db_table:
            verb = "holds" if event.name == "batch.held" else "no longer holds"
            return Cause(hold.cause_kind, hold.cause_id, hold.cause_number, f"it {verb} {batch.number}", batch.cdmo_id)
    return Cause.of(batch, words)


def catch_up(event: Event, actor: Actor) -> None:
    """While a programme is closed its steps stand still: opened again, they hear what its batches did meanwhile."""
    programme = Programme.objects.visible_to(actor).filter(pk=event.record_id).first()
    if programme is None:
        return
    reasons = Reasons(Cause.of(programme, "the programme was opened again"), **people(event))
    _follow_all(programme.pk, actor, reasons)
    recascade(programme.pk, by=actor, reasons=reasons)


def judge_again(programme: int, actor: Actor, reasons: Reasons) -> None:
    """A hold that has outlasted its estimate is expected to take longer."""
    _follow_all(programme, actor, reasons, on_hold=True)


def _follow_all(programme: int, actor: Actor, reasons: Reasons, **which: bool) -> None:
    """In the order in which they were planned: what is made again says its word after what it replaces."""
    if lock_programme(programme, by=actor) is None:
        return
    for batch in Batch.objects.visible_to(actor).filter(programme=programme, **which).order_by("pk"):
        follow(batch, by=actor, reasons=reasons)


def begin() -> None:
    """Hear of them; called when the process is ready."""
    subscribe(Subscriber("steps of batches", frozenset(WORDS), move_steps))
    subscribe(Subscriber("steps of a programme opened again", frozenset({"programme.reopen"}), catch_up))
