"""An event stands or falls with the change that it tells of, belongs to its sponsor, and is never rewritten."""

import pytest
from django.db import ProgrammingError, transaction

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox import publish
from oversight.kernel.outbox.models import Effect, Event
from oversight.kernel.outbox.publishing import Unpublishable
from oversight.kernel.trail.change import change
from tests.cast import World, raw
from tests.support.models import Bulletin, Memo, Ticket


def test_an_event_says_what_happened_to_what_and_who_did_it(world: World) -> None:
    with change(by=world.nina):
        ticket = Ticket.objects.create(cdmo=world.lyra, title="Probe")
        publish("ticket.opened", record=ticket, by=world.nina, status="OPEN", site=None, batches=3, urgent=True)
    with scope(world.nina):
        [event] = Event.objects.visible_to(world.nina)
    assert (event.name, event.kind, event.record_id, event.cdmo_id) == (
        "ticket.opened", "support_ticket", ticket.pk, world.lyra.pk,
    )  # fmt: skip
    assert event.facts == {"status": "OPEN", "site": None, "batches": 3, "urgent": True}
    assert (event.user_id, event.user_name, event.role) == (world.nina.user, "Nina Berg", "qa_director")
    assert (event.org, event.source, event.request) == ("Acme Therapeutics", "browser", "")
    assert (event.state, event.rings, event.tries, event.error) == ("WAITING", 0, 0, "")


def test_a_change_that_fails_leaves_no_event(world: World) -> None:
    with pytest.raises(ZeroDivisionError), change(by=world.nina):
        publish("memo.written", record=Memo.objects.create(title="Never"), by=world.nina)
        raise ZeroDivisionError
    with scope(world.nina):
        assert (Memo.objects.count(), Event.objects.count()) == (0, 0)


def test_nobody_publishes_without_a_change_or_a_proper_name(world: World) -> None:
    with change(by=world.nina):
        memo = Memo.objects.create(title="A")
    with scope(world.nina), pytest.raises(Unpublishable, match="inside"):
        publish("memo.written", record=memo, by=world.nina)
    with change(by=world.nina), pytest.raises(Unpublishable, match="no name of an event"):
        publish("Memo written", record=memo, by=world.nina)


@pytest.mark.parametrize("text", ["Impurity above limit", "x" * 65, ["OPEN"], "<b>"])
def test_what_a_person_wrote_is_no_fact(world: World, text: object) -> None:
    with change(by=world.nina):
        memo = Memo.objects.create(title="A")
        with pytest.raises(Unpublishable, match="text or an object"):
            publish("memo.written", record=memo, by=world.nina, title=text)


def test_events_are_seen_within_their_sponsor_and_cdmo(world: World) -> None:
    with change(by=world.nina):
        publish("ticket.opened", record=Ticket.objects.create(cdmo=world.lyra, title="L"), by=world.nina)
        publish("memo.written", record=Memo.objects.create(title="M"), by=world.nina)
    seen = {}
    for actor in (world.nina, world.paul, world.olga, world.riva):
        with scope(actor):
            seen[actor.name] = [name for (name,) in raw("SELECT name FROM outbox_event ORDER BY id")]
    assert seen == {
        "Nina Berg": ["ticket.opened", "memo.written"],
        "Paul Keller": ["ticket.opened"],
        "Olga Wirth": [],
        "Riva Stone": [],
    }


def test_a_partner_publishes_about_what_was_shared_with_it(world: World) -> None:
    with change(by=world.nina):
        bulletin = Bulletin.objects.create(title="B")
    with change(by=world.paul):
        publish("bulletin.read", record=bulletin, by=world.paul)
    with scope(world.nina):
        assert Event.objects.get().cdmo_id == world.lyra.pk


@pytest.mark.parametrize("column", ["name", "facts", "record_id", "user_name", "at", "tenant_id"])
def test_what_happened_is_not_rewritten(world: World, column: str) -> None:
    with change(by=world.nina, reason="Tamper"):
        publish("memo.written", record=Memo.objects.create(title="A"), by=world.nina)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            raw(f"UPDATE outbox_event SET {column} = {column}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            raw("DELETE FROM outbox_event")


def test_an_effect_is_had_once_and_stays(world: World) -> None:
    with change(by=world.nina):
        publish("memo.written", record=Memo.objects.create(title="A"), by=world.nina)
        event = Event.objects.get()
        Effect.objects.create(event=event, subscriber="bell")
        with pytest.raises(Exception, match="outbox_effect_once"), transaction.atomic():
            Effect.objects.create(event=event, subscriber="bell")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            raw("DELETE FROM outbox_effect")
