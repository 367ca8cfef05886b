"""One clock of one record: set, answered, paused, stopped, corrected; each step with who and why."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.calendar import Calendar, Unit
from oversight.kernel.clocks.models import Clock, Status
from oversight.kernel.clocks.rules import PORTS, Limit, Rule, Side
from oversight.kernel.clocks.services import answer, clocks_of, pause, restart_with, resume, start, stop, stop_all
from oversight.kernel.trail.change import UnattributedChange, change
from tests.cast import World, raw
from tests.support.models import Ticket

CONTAINMENT = Rule("containment", "Containment", 60, Unit.MINUTES, Side.CDMO, escalates_to="the site head")
REVIEW = Rule("review", "Review", 3, Unit.WORKING_DAYS, Side.SPONSOR)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def ticket(world: World) -> Ticket:
    with change(by=world.nina):
        return Ticket.objects.create(cdmo=world.lyra, title="Pump stopped")


@pytest.fixture
def basel() -> Iterator[None]:
    """Every record's calendar is that of the site in Basel, closed on Wednesday and, long ago, on New Year's Day."""
    before = PORTS.calendar_of
    closures = frozenset({date(2026, 1, 1), date(2026, 11, 25)})
    PORTS.calendar_of = lambda record: Calendar("Europe/Zurich", frozenset(range(5)), closures)
    yield
    PORTS.calendar_of = before


def begin(by: Actor, ticket: Ticket, rule: Rule = CONTAINMENT, **times: datetime) -> Clock:
    with change(by=by):
        return start(ticket, rule, from_=NOON, by=by, **times)


def seen(by: Actor, ticket: Ticket) -> list[tuple[str, str]]:
    with scope(by):
        return [(clock.name, clock.status) for clock in clocks_of(ticket, by)]


def test_paul_starts_a_clock_that_keeps_all_that_it_was_computed_from(
    world: World, ticket: Ticket, basel: None
) -> None:
    clock = begin(world.paul, ticket, REVIEW)
    # the day of the start and the closed Wednesday do not count: Tuesday, Thursday, Friday
    assert clock.due_at == datetime(2026, 11, 27, 16, tzinfo=UTC)
    kept = (clock.name, clock.label, clock.side, clock.limit, clock.unit, clock.cites, clock.zone, clock.status)
    assert kept == (
        "review",
        "Review",
        "SPONSOR",
        3,
        "WORKING_DAYS",
        "The default of Oversight",
        "Europe/Zurich",
        "RUNNING",
    )
    assert (clock.working_week, clock.closures) == ([0, 1, 2, 3, 4], [date(2026, 11, 25)])
    assert (clock.started_at, clock.cdmo_id, clock.tenant_id) == (NOON, world.lyra.pk, world.acme.pk)
    with scope(world.nina):
        version = Clock.history.get(id=clock.pk)
        assert (version.history_user_name, version.history_source, version.history_type) == (
            "Paul Keller",
            "portal",
            "+",
        )


def test_a_clock_is_started_once_and_again_only_when_it_has_ended(world: World, ticket: Ticket) -> None:
    first = begin(world.nina, ticket)
    assert begin(world.nina, ticket).pk == first.pk
    with change(by=world.nina, reason="Contained"):
        assert answer(ticket, "containment", at=later(52)).pk == first.pk
        assert answer(ticket, "containment", at=later(53)) is None
    second = begin(world.nina, ticket)
    assert second.pk != first.pk
    assert seen(world.nina, ticket) == [("containment", "RUNNING"), ("containment", "ANSWERED")]
    with scope(world.nina):
        assert Clock.objects.get(pk=first.pk).answered_at == later(52)
        assert Clock.history.filter(id=first.pk).count() == 2


def test_what_was_done_before_it_was_reported_needs_no_reason(world: World, ticket: Ticket) -> None:
    clock = begin(world.paul, ticket, answered_at=later(75))
    assert (clock.status, clock.answered_at, clock.was_late(NOON), clock.spent(later(75))) == (
        Status.ANSWERED, later(75), True, 75,
    )  # fmt: skip
    assert begin(world.paul, ticket, answered_at=later(75)).pk == clock.pk
    assert seen(world.paul, ticket) == [("containment", "ANSWERED")]


def test_whether_it_was_in_time_is_decided_by_the_second(world: World, ticket: Ticket) -> None:
    begin(world.nina, ticket)
    with change(by=world.nina, reason="Contained"):
        clock = answer(ticket, "containment", at=later(60))
        assert (clock.was_late(later(600)), clock.spent(later(60))) == (False, 60)
        clock = restart_with(ticket, "containment", answered_at=later(60) + timedelta(seconds=1))
        assert (clock.was_late(later(600)), clock.spent(clock.answered_at)) == (True, 61)


def test_a_pause_moves_what_is_due_and_the_trail_says_who_and_why(world: World, ticket: Ticket) -> None:
    begin(world.paul, ticket)
    with change(by=world.nina, reason="Wait for our sample"):
        clock = pause(ticket, "containment", at=later(10))
        assert (clock.status, clock.paused_at, clock.due_at) == (Status.PAUSED, later(10), later(60))
        assert pause(ticket, "containment", at=later(20)).pauses == [later(10)]
    with change(by=world.nina, reason="The sample is here"):
        clock = resume(ticket, "containment", at=later(35))
        assert (clock.status, clock.paused_at, clock.due_at) == (Status.RUNNING, None, later(85))
        assert resume(ticket, "containment", at=later(36)).due_at == later(85)
    with change(by=world.nina, reason="Waiting again"):
        pause(ticket, "containment", at=later(40))
    with change(by=world.paul, reason="Contained while it stood still"):
        clock = answer(ticket, "containment", at=later(50))
        assert (clock.due_at, clock.pauses) == (later(95), [later(10), later(35), later(40), later(50)])
        assert clock.spent(clock.answered_at) == 15
    with scope(world.nina):
        versions = Clock.history.filter(id=clock.pk).order_by("history_id")
        assert [(v.status, v.history_user_name, v.history_change_reason) for v in versions] == [
            ("RUNNING", "Paul Keller", ""),
            ("PAUSED", "Nina Berg", "Wait for our sample"),
            ("RUNNING", "Nina Berg", "The sample is here"),
            ("PAUSED", "Nina Berg", "Waiting again"),
            ("ANSWERED", "Paul Keller", "Contained while it stood still"),
        ]


def test_a_void_record_has_nothing_due(world: World, ticket: Ticket) -> None:
    begin(world.nina, ticket)
    begin(world.nina, ticket, REVIEW)
    with change(by=world.nina, reason="Reported twice"):
        assert stop(ticket, "review", at=later(5)).stopped_at == later(5)
        assert [clock.name for clock in stop_all(ticket, at=later(6))] == ["containment"]
        assert stop_all(ticket, at=later(7)) == ()
    assert seen(world.nina, ticket) == [("containment", "STOPPED"), ("review", "STOPPED")]


def test_an_extension_and_a_corrected_start_compute_anew(world: World, ticket: Ticket, basel: None) -> None:
    begin(world.nina, ticket, REVIEW)
    with change(by=world.nina, reason="Two days more, agreed by phone"):
        clock = restart_with(ticket, "review", limit=Limit(5, Unit.WORKING_DAYS, "Extension of 24 Nov"))
        assert (clock.due_at, clock.cites) == (datetime(2026, 12, 1, 16, tzinfo=UTC), "Extension of 24 Nov")
    with change(by=world.nina, reason="It was noticed on Friday"):
        clock = restart_with(ticket, "review", from_=datetime(2026, 11, 20, 9, tzinfo=UTC))
        assert (clock.due_at, clock.limit) == (datetime(2026, 11, 30, 16, tzinfo=UTC), 5)
    with change(by=world.nina, reason="Void"):
        stop(ticket, "review", at=later(5))
        assert restart_with(ticket, "review", from_=NOON) is None


@pytest.mark.parametrize("act", [answer, stop, pause])
def test_nothing_happens_before_the_clock_started(world: World, ticket: Ticket, act) -> None:
    begin(world.nina, ticket)
    with pytest.raises(ValidationError, match="before the clock started"), change(by=world.nina, reason="Typing error"):
        act(ticket, "containment", at=NOON - HOUR)
    assert seen(world.nina, ticket) == [("containment", "RUNNING")]


@pytest.mark.requirement("PI041-accurate")
def test_times_that_contradict_what_is_known_are_refused(world: World, ticket: Ticket) -> None:
    begin(world.nina, ticket)
    with change(by=world.nina, reason="Waiting"):
        pause(ticket, "containment", at=later(10))
    for act, times in ((resume, {"at": later(9)}), (answer, {"at": later(9)}), (restart_with, {"from_": later(11)})):
        with pytest.raises(ValidationError, match="before what the clock did last"), change(by=world.nina, reason="?"):
            act(ticket, "containment", **times)
    with change(by=world.nina, reason="Contained"):
        answer(ticket, "containment", at=later(20))
    with pytest.raises(ValidationError, match="before the clock started"), change(by=world.nina, reason="?"):
        restart_with(ticket, "containment", from_=later(10), answered_at=later(5))
    for year in (1066, 9998):
        with pytest.raises(ValidationError, match="too far away"), change(by=world.nina):
            start(ticket, REVIEW, from_=datetime(year, 1, 1, tzinfo=UTC))


def test_outside_a_change_and_without_a_reason_no_clock_moves(world: World, ticket: Ticket) -> None:
    with scope(world.nina), pytest.raises(UnattributedChange):
        start(ticket, CONTAINMENT, from_=NOON)
    begin(world.nina, ticket)
    with pytest.raises(UnattributedChange), change(by=world.nina):
        answer(ticket, "containment", at=later(5))
    with pytest.raises(DatabaseError, match="not why"), change(by=world.nina):
        raw("UPDATE clocks_clock SET due_at = due_at + interval '1 day'")
    with pytest.raises(DatabaseError, match="clock_ends_once"), change(by=world.nina, reason="Half answered"):
        raw("UPDATE clocks_clock SET status = 'ANSWERED'")
    assert seen(world.nina, ticket) == [("containment", "RUNNING")]


def test_the_clocks_of_lyra_are_seen_by_paul_and_not_by_olga_nor_by_rival(world: World, ticket: Ticket) -> None:
    begin(world.nina, ticket)
    shown = {name: seen(getattr(world, name), ticket) for name in ("nina", "connie", "paul", "olga", "riva", "petra")}
    one = [("containment", "RUNNING")]
    assert shown == {"nina": one, "connie": one, "paul": one, "olga": [], "riva": [], "petra": []}
    with change(by=world.olga, reason="Not mine"):
        assert raw("UPDATE clocks_clock SET late_at = now()") == 0


def test_of_many_who_start_one_clock_at_once_all_get_the_same(lasting_world: World) -> None:
    with change(by=lasting_world.nina):
        ticket = Ticket.objects.create(cdmo=lasting_world.lyra, title="Pump stopped")
    barrier = Barrier(8)

    def begin_too(turn: int) -> int:
        try:
            with change(by=lasting_world.nina):
                barrier.wait(30)
                return start(ticket, CONTAINMENT, from_=later(turn)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        assert len(set(people.map(begin_too, range(8)))) == 1
    with scope(lasting_world.nina):
        assert (Clock.objects.count(), Clock.history.count()) == (1, 1)
