"""What people of the cast are told, as their own page would show it."""

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.notifications.models import Letter, Notice
from oversight.kernel.notifications.reading import Item, notices_of, stretch
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Event
from tests.cast import World, system


def deliver_all(world: World) -> None:
    """As relay and workers do it: every event that waits, at both sponsors."""
    for sponsor in (world.acme, world.rival):
        with scope(system(sponsor)):
            waiting = list(Event.objects.filter(state=Event.State.WAITING).order_by("id").values_list("id", flat=True))
        for event in waiting:
            deliver(tenant=sponsor.pk, event=event)


def shown(actor: Actor) -> list[Item]:
    """Their page, newest first."""
    with scope(actor):
        return list(stretch(actor).items)


def told(actor: Actor) -> list[tuple[str, str]]:
    """What each line says it is, and of which record, newest first."""
    return [(item.notice.what, item.number) for item in shown(actor)]


def rows(actor: Actor) -> list[Notice]:
    """Their rows, whether or not they may be shown."""
    with scope(actor):
        return list(notices_of(actor))


def letters(actor: Actor) -> list[Letter]:
    """Letters that are owed or were sent to them."""
    with scope(actor):
        return list(Letter.objects.visible_to(actor).filter(membership_id=actor.membership).order_by("id"))
