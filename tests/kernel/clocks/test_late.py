"""What ran out is noted once, by the system, at every sponsor alike; nothing that stands still or has ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from oversight.kernel.access.scope import scope, told
from oversight.kernel.clocks import tasks
from oversight.kernel.clocks.calendar import Unit
from oversight.kernel.clocks.lateness import mark_late, tenants_with_late_clocks
from oversight.kernel.clocks.models import Clock
from oversight.kernel.clocks.rules import Limit, Rule, Side
from oversight.kernel.clocks.services import answer, pause, restart_with, start
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from tests.cast import World, raw, system
from tests.support.models import Ticket

RULE = Rule("containment", "Containment", 60, Unit.MINUTES, Side.CDMO, escalates_to="the site head")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DUE = NOON + timedelta(hours=1)
AFTER = DUE + timedelta(seconds=1)


def late_tickets(world: World, *, from_: datetime = NOON) -> dict[str, int]:
    """At Acme three: one that runs, one that stands still, one that was answered; at Rival one that runs."""
    clocks = {}
    for by, cdmo, name in (
        (world.nina, world.lyra, "runs"),
        (world.nina, world.orion, "stands still"),
        (world.nina, world.lyra, "answered"),
        (world.riva, world.foreign, "rival"),
    ):
        with change(by=by, reason="Reported"):
            ticket = Ticket.objects.create(cdmo=cdmo, title=name)
            clocks[name] = start(ticket, RULE, from_=from_).pk
            if name == "stands still":
                pause(ticket, "containment", at=from_)
            if name == "answered":
                answer(ticket, "containment", at=from_)
    return clocks


def test_late_is_after_what_is_due_and_only_what_runs(world: World) -> None:
    clocks, acme = late_tickets(world), system(world.acme)
    assert tenants_with_late_clocks(DUE) == []
    assert tenants_with_late_clocks(AFTER) == sorted([world.acme.pk, world.rival.pk])
    assert mark_late(by=acme, at=DUE) == []
    assert mark_late(by=acme, at=AFTER) == [clocks["runs"]]
    assert mark_late(by=acme, at=AFTER + timedelta(hours=9)) == []
    assert tenants_with_late_clocks(AFTER) == [world.rival.pk]
    with scope(world.paul):
        clock = Clock.objects.get(pk=clocks["runs"])
        assert (clock.late_at, clock.status) == (AFTER, "RUNNING")
        version = clock.history.order_by("-history_id").first()
        assert (version.history_user_name, version.history_user_id, version.history_change_reason) == (
            "Oversight", None, "The time ran out",
        )  # fmt: skip


@pytest.mark.requirement("A11D-alarms")
def test_each_late_clock_is_one_event_about_its_record(world: World) -> None:
    clocks = late_tickets(world)
    for _ in range(2):
        mark_late(by=system(world.acme), at=AFTER)
    with scope(world.nina):
        event = Event.objects.get(name="clock.late")
        ticket = Ticket.objects.get(title="runs")
        assert (event.kind, event.record_id, event.cdmo_id) == ("support_ticket", ticket.pk, world.lyra.pk)
        assert event.facts == {
            "clock": clocks["runs"], "rule": "containment", "side": "CDMO", "due": "2026-11-23T13:00:00+00:00",
        }  # fmt: skip
    with scope(world.olga):
        assert not Event.objects.filter(name="clock.late").exists()


def test_what_is_late_can_still_be_answered_or_given_more_time(world: World) -> None:
    late_tickets(world)
    mark_late(by=system(world.acme), at=AFTER)
    with change(by=world.nina, reason="Two hours, since the hall was locked"):
        ticket = Ticket.objects.get(title="runs")
        clock = restart_with(ticket, "containment", limit=Limit(2, Unit.HOURS, "Extension of 23 Nov"))
        assert (clock.late_at, clock.due_at) == (None, NOON + timedelta(hours=2))
    assert len(mark_late(by=system(world.acme), at=NOON + timedelta(hours=3))) == 1
    with change(by=world.nina, reason="Contained"):
        clock = answer(ticket, "containment", at=NOON + timedelta(hours=4))
    assert (clock.status, clock.late_at, clock.was_late(AFTER)) == ("ANSWERED", NOON + timedelta(hours=3), True)


def test_beat_hands_each_sponsor_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = late_tickets(world, from_=timezone.now() - timedelta(hours=2))
    sent: list[dict] = []
    monkeypatch.setattr(tasks.mark_late, "apply_async", lambda kwargs, expires: sent.append(kwargs))
    tasks.find_late()
    assert sorted(sent, key=str) == sorted([{"tenant": world.acme.pk}, {"tenant": world.rival.pk}], key=str)
    assert told() is None
    tasks.mark_late(tenant=world.rival.pk)
    for actor, expected in ((world.nina, set()), (world.riva, {clocks["rival"]})):
        with scope(actor):
            assert set(Clock.objects.filter(late_at__isnull=False).values_list("pk", flat=True)) == expected


def test_the_function_that_looks_across_sponsors_tells_their_keys_alone(world: World) -> None:
    late_tickets(world)
    assert raw("SELECT * FROM access.tenants_with_late_clocks(%s)", AFTER) == [
        (key,) for key in sorted([world.acme.pk, world.rival.pk])
    ]
    with pytest.raises(DatabaseError, match="no tenant in this transaction"):
        raw("SELECT id FROM clocks_clock")


def test_of_two_workers_at_once_each_clock_is_noted_by_one(lasting_world: World) -> None:
    with change(by=lasting_world.nina):
        for number in range(6):
            ticket = Ticket.objects.create(cdmo=lasting_world.lyra, title=f"Ticket {number}")
            start(ticket, RULE, from_=NOON)
    barrier = Barrier(4)

    def note(turn: int) -> list[int]:
        try:
            barrier.wait(30)
            return mark_late(by=system(lasting_world.acme), at=AFTER)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        noted = [pk for some in workers.map(note, range(4)) for pk in some]
    mark_late(by=system(lasting_world.acme), at=AFTER)
    assert len(noted) == len(set(noted)) <= 6
    with scope(lasting_world.nina):
        assert Clock.objects.filter(late_at=AFTER).count() == 6 == Event.objects.filter(name="clock.late").count()
        assert Clock.history.count() == 12
