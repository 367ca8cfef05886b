"""Each subscriber has its effect once, whoever fails and however often the bell rings."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import OperationalError
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope, told
from oversight.kernel.outbox import Subscriber, publish, subscribe, subscribers
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Effect, Event
from oversight.kernel.trail.change import change
from tests.cast import World
from tests.support.models import Memo

Hear = Callable[..., None]


@pytest.fixture
def hear(monkeypatch: pytest.MonkeyPatch) -> Hear:
    """Subscribe for one test: `hear("name", handle, "event", …)`."""

    def subscribe_here(name: str, handle: Callable[[Event, Actor], None], *events: str) -> None:
        wanted = frozenset(events) or None
        monkeypatch.setitem(subscribers._subscribers, name, Subscriber(name, wanted, handle))

    return subscribe_here


def happen(by: Actor, name: str = "memo.written") -> int:
    """Write a memo, and say so; the id of the event."""
    with change(by=by):
        publish(name, record=Memo.objects.create(title="Original"), by=by)
        return Event.objects.latest("pk").pk


def copy(event: Event, actor: Actor) -> None:
    with change(by=actor, reason="Copied"):
        Memo.objects.create(title=f"Copy of {event.record_id}")


def fail(event: Event, actor: Actor) -> None:
    copy(event, actor)
    raise ZeroDivisionError("Impurity above limit")


def stand(world: World, event: int) -> tuple[str, int, int, str]:
    with scope(world.nina):
        found = Event.objects.get(pk=event)
    return found.state, found.tries, found.rings, found.error


def test_a_bell_that_rings_thrice_has_one_effect(world: World, hear: Hear) -> None:
    hear("copier", copy, "memo.written")
    event = happen(replace(world.nina, request="req-7"))
    for _ in range(3):
        deliver(tenant=world.acme.pk, event=event)
    assert told() is None
    with scope(world.nina):
        original, copied = Memo.objects.order_by("pk")
        assert copied.title == f"Copy of {original.pk}"
        version = Memo.history.get(id=copied.pk)
        assert (version.history_user_name, version.history_source, version.history_request) == (
            "Oversight", "task", "req-7",
        )  # fmt: skip
        assert sorted(Effect.objects.values_list("subscriber", flat=True)) == ["copier", "webhooks"]
    assert stand(world, event) == ("DONE", 0, 0, "")


def test_an_effect_already_had_is_not_had_again(world: World, hear: Hear) -> None:
    """As when the worker died after its commit and before it could say so."""
    hear("copier", copy, "memo.written")
    event = happen(world.nina)
    with scope(world.nina):
        Effect.objects.create(event_id=event, subscriber="copier")
    deliver(tenant=world.acme.pk, event=event)
    with scope(world.nina):
        assert Memo.objects.count() == 1
    assert stand(world, event)[0] == "DONE"


def test_a_subscriber_hears_only_what_it_asked_for(world: World, hear: Hear) -> None:
    hear("copier", copy, "memo.shredded")
    deliver(tenant=world.acme.pk, event=happen(world.nina))
    with scope(world.nina):
        assert Memo.objects.count() == 1
    assert stand(world, happen(world.nina, "memo.shredded"))[0] == "WAITING"


def test_one_that_fails_leaves_nothing_and_keeps_nobody_else_from_its_turn(world: World, hear: Hear) -> None:
    hear("breaker", fail)
    hear("copier", copy)
    event, before = happen(world.nina), timezone.now()
    deliver(tenant=world.acme.pk, event=event)
    with scope(world.nina):
        assert Memo.objects.count() == 2  # the original and the copier's
        assert sorted(Effect.objects.values_list("subscriber", flat=True)) == ["copier", "webhooks"]
        assert 1.5 < (Event.objects.get(pk=event).due_at - before).total_seconds() < 5
    assert stand(world, event) == ("WAITING", 1, 0, "breaker: ZeroDivisionError"), "no text of a record"

    hear("breaker", copy)  # mended
    deliver(tenant=world.acme.pk, event=event)
    with scope(world.nina):
        assert Memo.objects.count() == 3
    assert stand(world, event) == ("DONE", 1, 0, "breaker: ZeroDivisionError")


def test_poison_is_given_up_after_ten_tries_and_said(
    world: World, hear: Hear, caplog: pytest.LogCaptureFixture
) -> None:
    hear("breaker", fail)
    event = happen(world.nina)
    for _ in range(12):
        deliver(tenant=world.acme.pk, event=event)
    assert stand(world, event) == ("FAILED", 10, 0, "breaker: ZeroDivisionError")
    given_up = f"Event {event} (memo.written) is given up after 10 tries: breaker: ZeroDivisionError"
    assert caplog.messages.count(given_up) == 1
    with scope(world.nina):
        assert Memo.objects.count() == 1


def test_a_database_that_went_away_is_nobodys_failure(world: World, hear: Hear) -> None:
    def away(event: Event, actor: Actor) -> None:
        raise OperationalError("the connection was closed")

    hear("copier", away)
    event = happen(world.nina)
    with pytest.raises(OperationalError):
        deliver(tenant=world.acme.pk, event=event)
    assert stand(world, event) == ("WAITING", 0, 0, "")


def test_an_event_of_another_sponsor_is_not_found(world: World, hear: Hear) -> None:
    hear("copier", copy)
    event = happen(world.nina)
    deliver(tenant=world.rival.pk, event=event)
    assert stand(world, event) == ("WAITING", 0, 0, "")
    with scope(world.riva):
        assert Memo.objects.count() == 0


def test_nobody_subscribes_twice_under_one_name() -> None:
    with pytest.raises(ValueError, match="webhooks subscribes twice"):
        subscribe(Subscriber("webhooks", None, copy))
