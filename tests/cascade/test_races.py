"""Two things at once on one programme: they run in turn, and the end is what either order would have given."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Barrier
from threading import Event as Flag
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from batches.models import BatchHold
from batches.services import steps as following
from oversight.kernel.access.scope import scope
from oversight.kernel.esign import Proof
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Effect, Event
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import amend, create, move
from oversight.kernel.workflow.models import Case
from quality.models import Deviation
from quality.records import DEVIATION
from techtransfer.forecast import alerts, cascade
from techtransfer.models import ImpactAlert
from techtransfer.records import BASELINE, IMPACT_ALERT, MILESTONE
from tests.batches.acting import critical
from tests.cast import PASSWORD, World
from tests.factories.batch import act
from tests.notifications.telling import deliver_all

from .supply import Supply, after, investigated

PLANNED, HELD = 29, 9  # days from now; days of a hold: the fourth of eight investigations


@dataclass
class Pause:
    """A place in the code at which the first who comes waits until it is told to go on."""

    reached: Flag = field(default_factory=Flag)
    goes_on: Flag = field(default_factory=Flag)


@contextmanager
def pausing(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> Iterator[Pause]:
    pause, real = Pause(), getattr(where, name)

    def waits(*arguments: Any, **named: Any) -> Any:
        if not pause.reached.is_set():
            pause.reached.set()
            assert pause.goes_on.wait(30)
        return real(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(where, name, waits)
        yield pause


def apart(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> "Future[Any]":
    """On a connection of its own."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return pool.submit(run)


def during(pause: Pause, cascade: Callable[[], Any], other: Callable[[], Any]) -> Any:
    """`other` happens in the middle of the cascade, or waits for its end; what it gave."""
    with ThreadPoolExecutor(2) as pool:
        running = apart(pool, cascade)
        assert pause.reached.wait(30)
        at_once = apart(pool, other)
        with suppress(TimeoutError):  # what has to wait for the cascade, waits
            at_once.result(1)
        pause.goes_on.set()
        running.result(30)
        return at_once.result(30)


def go(kind: RecordKind, record: Case, name: str, by: Any, reason: str = "As agreed", **values: Any) -> Case:
    proof = Proof(PASSWORD) if kind.workflow.transition(name).signed_as else None
    with scope(by):
        return move(kind, record.pk, name, by=by, version=None, values=values, reason=reason, proof=proof)


def assert_settled(world: World, supply: Supply, days: int) -> None:
    """All is delivered, the study starts so many days later, and a computation from the rows finds nothing to move."""
    for _ in range(3):
        deliver_all(world)
    study = supply.read(supply.study)
    assert study.forecast_first_patient_in == after(PLANNED + days)
    assert sum(item["days"] for item in study.chain) == study.slip_days
    assert supply.cascade() == 0


@pytest.fixture
def supply(lasting_world: World) -> Supply:
    investigated(lasting_world, lasting_world.lyra_site, (9,) * 4 + (17,) * 4)
    return Supply(lasting_world)


def owed(supply: Supply) -> list[int]:
    with scope(supply.system):
        return list(Event.objects.filter(state="WAITING").order_by("pk").values_list("pk", flat=True))


def test_two_events_at_once_run_in_turn(supply: Supply) -> None:
    world = supply.world
    before = {step.pk: len(supply.versions(step)) for step in supply.steps}
    go(MILESTONE, supply.make, "forecast", world.paul, partner_end=after(20))
    go(MILESTONE, supply.fill, "forecast", world.olga, partner_end=after(40))
    events, barrier = owed(supply), Barrier(2)
    assert len(events) == 2

    def handle(event: int) -> None:
        barrier.wait(30)
        deliver(tenant=world.acme.pk, event=event)

    with ThreadPoolExecutor(2) as pool:
        for each in [apart(pool, lambda event=event: handle(event)) for event in events]:
            each.result(60)
    with scope(supply.system):
        settled = Event.objects.filter(pk__in=events).values_list("state", flat=True)
        assert list(settled) == ["DONE", "DONE"], "neither gave up on the other"
    assert_settled(world, supply, 12)
    moved = {step.title: len(supply.versions(step)) - before[step.pk] for step in supply.steps}
    assert moved["Make the substance"] == 2, "Paul's own, and the one of his cascade"
    assert moved["Release the substance"] == 1


def test_one_event_twice_at_once_is_handled_once(supply: Supply) -> None:
    world = supply.world
    go(MILESTONE, supply.make, "forecast", world.paul, partner_end=after(20))
    (event,) = owed(supply)
    before, barrier = {step.pk: len(supply.versions(step)) for step in supply.steps}, Barrier(3)

    def handle() -> None:
        barrier.wait(30)
        deliver(tenant=world.acme.pk, event=event)

    with ThreadPoolExecutor(3) as pool:
        for each in [apart(pool, handle) for _ in range(3)]:
            each.result(60)
    deliver(tenant=world.acme.pk, event=event)
    with scope(supply.system):
        Event.objects.filter(pk=event).update(state="WAITING")  # as if its worker had died before it said so
    deliver(tenant=world.acme.pk, event=event)
    assert [len(supply.versions(step)) - before[step.pk] for step in supply.steps] == [1] * 5
    with scope(supply.system):
        assert Effect.objects.filter(event_id=event, subscriber="cascade").count() == 1
        alerts = [alert.version for alert in ImpactAlert.objects.filter(programme=supply.programme)]
    assert alerts == [1] * 4
    assert_settled(world, supply, 6)


def test_two_critical_deviations_at_once_and_one_of_them_amended_down(supply: Supply) -> None:
    world, barrier = supply.world, Barrier(2)

    def hold(title: str) -> Deviation:
        barrier.wait(30)
        now = timezone.now()
        return critical(world, supply.batch, title=title, occurred_at=now, aware_at=now, notified_at=now)

    with ThreadPoolExecutor(2) as pool:
        one, two = [each.result(60) for each in [apart(pool, lambda word=word: hold(word)) for word in ("A", "B")]]
    assert_settled(world, supply, HELD)
    with scope(world.nina):
        amend(DEVIATION, one.pk, by=world.nina, version=None, values={"severity": "MAJOR"}, reason="No contact")
    assert_settled(world, supply, HELD)
    batch = supply.read(supply.batch)
    assert (batch.on_hold, batch.hold_number) == (True, two.number)
    assert supply.read(supply.study).chain[0]["number"] == two.number
    with scope(world.nina):
        amend(DEVIATION, two.pk, by=world.nina, version=None, values={"severity": "MAJOR"}, reason="No contact")
    assert not supply.read(supply.batch).on_hold


def test_a_hold_that_is_lifted_while_its_cascade_runs_is_lifted(
    supply: Supply, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = supply.world
    act(supply.batch, "hold", world.nina, "Endotoxin is tested again")
    with pausing(monkeypatch, following, "estimate") as pause:
        during(pause, lambda: deliver_all(world), lambda: act(supply.batch, "lift-hold", world.nina, "Below the limit"))
    with scope(supply.system):
        assert [hold.lifted_on for hold in BatchHold.objects.all()] == [after(0)]
    assert_settled(world, supply, 0)


def test_an_alert_that_is_seen_while_a_cascade_runs_stays_seen(supply: Supply, monkeypatch: pytest.MonkeyPatch) -> None:
    world = supply.world
    go(MILESTONE, supply.make, "forecast", world.paul, partner_end=after(20))
    deliver_all(world)
    with scope(supply.system):
        alert = ImpactAlert.objects.get(study=supply.study)
    go(MILESTONE, supply.make, "forecast", world.paul, partner_end=after(24))
    with pausing(monkeypatch, alerts, "_title") as pause:
        during(pause, lambda: deliver_all(world), lambda: go(IMPACT_ALERT, alert, "acknowledge", world.nina))
    assert supply.read(alert).status == "SEEN"
    assert_settled(world, supply, 10)


def test_a_partner_moves_its_date_while_a_cascade_runs(supply: Supply, monkeypatch: pytest.MonkeyPatch) -> None:
    world = supply.world
    act(supply.batch, "hold", world.nina, "Endotoxin is tested again")
    with pausing(monkeypatch, cascade, "write_moves") as pause:
        during(
            pause,
            lambda: deliver_all(world),
            lambda: go(MILESTONE, supply.fill, "forecast", world.olga, partner_end=after(70)),
        )
    fill = supply.read(supply.fill)
    assert fill.partner_end == after(70)
    assert_settled(world, supply, 71 - PLANNED)


def test_a_baseline_is_approved_while_a_cascade_runs(supply: Supply, monkeypatch: pytest.MonkeyPatch) -> None:
    world = supply.world
    go(MILESTONE, supply.make, "forecast", world.paul, partner_end=after(20))
    deliver_all(world)
    with scope(world.omar):
        told = {"programme": supply.programme, "title": "Baseline 2", "justification": "Resin was late."}
        baseline = create(BASELINE, by=world.omar, values=told)
    go(MILESTONE, supply.make, "forecast", world.paul, partner_end=after(23))
    with pausing(monkeypatch, cascade, "write_moves") as pause:
        during(pause, lambda: deliver_all(world), lambda: go(BASELINE, baseline, "approve", world.nina))
    for _ in range(3):
        deliver_all(world)
    study = supply.read(supply.study)
    assert (study.baseline_first_patient_in, study.forecast_first_patient_in) == (after(35), after(38))
    assert (study.slip_days, [item["days"] for item in study.chain]) == (3, [3])
    assert supply.cascade() == 0
