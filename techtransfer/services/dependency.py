"""What is asked of a dependency before it holds: one programme, and no loop."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from techtransfer.models import Dependency, Milestone
from techtransfer.schedule import CycleError, Link, Node, compile_network

from .plan import demand_open, locked

MOST_NAMED = 8
UNSEEN = "a step out of your sight"


def begin(record: Dependency, actor: Actor) -> None:
    """It belongs to the programme of its steps, which is locked: two at once cannot close a loop together."""
    step = Milestone.objects.visible_to(actor).filter(pk=record.predecessor_id).first()
    programme = locked(step and step.programme_id, actor)
    if programme is None:
        return
    demand_open(programme, "predecessor")
    record.programme = programme
    if record.successor_id and record.successor_id != record.predecessor_id:
        refuse_loop(record, actor)


def refuse_loop(record: Dependency, actor: Actor) -> None:
    """Raise, naming the steps of the loop in their order, where its programme would wait for itself."""
    links = Dependency.objects.visible_to(actor).filter(
        programme_id=record.programme_id, status=Dependency.Status.ACTIVE
    )
    ends = {*links.order_by().values_list("predecessor_id", "successor_id")}
    ends.add((record.predecessor_id, record.successor_id))
    try:
        compile_network(
            [Node(key, 0) for key in {key for pair in ends for key in pair}], [Link(*pair) for pair in ends]
        )
    except CycleError as error:
        raise ValidationError({"successor": _told(_from(error.cycle, record.successor_id), actor)}) from error


def _from(cycle: Sequence[int], first: int) -> list[int]:
    """The same loop, told from the step that the person chose last."""
    at = list(cycle).index(first) if first in cycle else 0
    return [*cycle[at:], *cycle[:at]]


def _told(cycle: list[int], actor: Actor) -> str:
    steps = Milestone.objects.visible_to(actor).in_bulk(cycle)
    words = [f"{steps[key].number} {steps[key].title}" if key in steps else UNSEEN for key in cycle]
    if len(words) > MOST_NAMED:
        words = [*words[: MOST_NAMED - 2], f"{len(words) - MOST_NAMED + 1} more steps", words[-1]]
    return (
        f"This closes a loop: {' → '.join([*words, words[0]])}. Choose another step, or void a dependency of the loop."
    )
