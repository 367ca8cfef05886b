"""What has to come first: conditions of moves of supply, each refusing in a sentence the person can act on."""

from batches.models import Batch, BatchHold, Campaign, Lot
from batches.ports import RELEASE_BLOCKERS
from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.refusals import Refused, listed


def not_on_hold(record: Batch, actor: Actor) -> None:
    """Nothing leaves while a question about it is open."""
    if not record.on_hold:
        return
    if record.hold_kind == Batch._meta.db_table:
        raise Refused("The quality unit holds it: lift the hold first.")
    raise Refused(f"{record.hold_number} holds it: close that first.")


def nothing_in_the_way(record: Batch, actor: Actor) -> None:
    """Whatever the other rooms of the house know against it."""
    if sentences := [sentence for blocker in RELEASE_BLOCKERS for sentence in blocker.objections(record, actor)]:
        raise Refused(*sentences)


def made_of_what_is_released(record: Batch, actor: Actor) -> None:
    """A batch is as good as what went into it."""
    if pending := sorted(_not_released(record)):
        raise Refused(f"It is made of what is not released: release {listed(pending)} first.")


def released_by_a_second_person(record: Batch, actor: Actor) -> None:
    """Who sent the record does not release on it; nor does a program."""
    if not actor.user:
        raise Refused("A person has to release it.")
    if actor.user == record.made_by:
        raise Refused("You sent the record: somebody else has to release it.")


def held_by_nobody(record: Batch, actor: Actor) -> None:
    """Holding twice says nothing new."""
    if _own_hold(record):
        raise Refused("The quality unit holds it already.")


def held_by_a_person(record: Batch, actor: Actor) -> None:
    """What another record holds ends with that record."""
    if _own_hold(record):
        return
    if record.on_hold:
        raise Refused(f"{record.hold_number} holds it: this hold ends when that is closed.")
    raise Refused("Nobody holds it.")


def without_batches(record: Campaign, actor: Actor) -> None:
    """Batches would be left without their campaign."""
    if any(batch.status != "VOID" for batch in record.batches.all()):
        raise Refused("It has batches: void them, or move them to another campaign first.")


def of_a_released_batch(record: Lot, actor: Actor) -> None:
    """No lot is available of a batch that is not."""
    if record.batch.status != Batch.Status.RELEASED:
        raise Refused(f"{record.batch.number} is not released: release it first.")


def _own_hold(record: Batch) -> BatchHold | None:
    """The hold that a person set; a list brought the holds along."""
    own = record._meta.db_table
    return next((hold for hold in record.holds.all() if hold.lifted_on is None and hold.cause_kind == own), None)


def _not_released(record: Batch) -> list[str]:
    """The numbers of what went into it and is not released; what is out of sight cannot be vouched for."""
    found = []
    for edge in record.made_from.all():
        if edge.status == "VOID":
            continue
        try:
            if edge.source.status != Batch.Status.RELEASED:
                found.append(edge.source.number)
        except Batch.DoesNotExist:
            found.append("what you do not see")
    return found
