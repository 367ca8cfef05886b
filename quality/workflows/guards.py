"""What has to come first: conditions of quality moves, each refusing in a sentence the person can act on."""

from collections.abc import Callable
from datetime import UTC

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.rules import Side
from oversight.kernel.workflow.refusals import Refused
from quality.models import Deviation, ResponseTask


def once(field: str) -> Callable[[Deviation, Actor], None]:
    """A containment action is ticked once; its time is corrected by nobody."""

    def not_ticked_yet(record: Deviation, actor: Actor) -> None:
        if moment := getattr(record, field):
            words = record.words_of(field)
            raise Refused(f"This is done: {words}, {moment.astimezone(UTC):%d %b %Y %H:%M} UTC.")

    return not_ticked_yet


def as_reported_by_its_own_side(record: Deviation, actor: Actor) -> None:
    """A partner amends its own report, not what the sponsor put on file."""
    if actor.is_partner and record.status == record.Status.REPORTED and not record.reported_by_cdmo:
        raise Refused("The sponsor made this report: ask the sponsor to amend it.")


def accepted_by_a_second_person(record: Deviation, actor: Actor) -> None:
    """Nobody reviews an answer of their own."""
    if not actor.user or actor.user == record.answered_by:
        raise Refused("You sent the root cause: somebody else has to accept it.")


def closed_by_a_second_person(record: Deviation, actor: Actor) -> None:
    """Who answered or accepted the root cause does not close on it; nor does a program."""
    if not actor.user:
        raise Refused("A person has to close it.")
    if actor.user == record.answered_by:
        raise Refused("You sent the root cause: somebody else has to close it.")
    if actor.user == record.accepted_by:
        raise Refused("You accepted the root cause: somebody else has to close it.")


def contained(record: Deviation, actor: Actor) -> None:
    """All five containment actions have their time."""
    if missing := record.missing_containment:
        raise Refused(f"The containment is not complete. Still to tick: {', '.join(missing)}.")


def no_open_task(record: Deviation, actor: Actor) -> None:
    """Nothing that the event called for is left undone."""
    if record.open_tasks == 1:
        raise Refused("One response task is open: finish it, or have it declared not needed.")
    if record.open_tasks > 1:
        raise Refused(f"{record.open_tasks} response tasks are open: finish them, or have them declared not needed.")


def by_its_own_side(record: ResponseTask, actor: Actor) -> None:
    """The sponsor does the sponsor's tasks, the CDMO its own."""
    if (record.side == Side.CDMO) != actor.is_partner:
        raise Refused("The CDMO has to do this." if record.side == Side.CDMO else "The sponsor has to do this.")


def not_taken_by_the_actor(record: ResponseTask, actor: Actor) -> None:
    """Taking twice says nothing new."""
    if actor.user and record.taken_by == actor.user:
        raise Refused("It is yours already.")
