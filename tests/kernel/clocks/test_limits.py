"""Which limit holds: the clause of an agreement, else the sponsor's default, else the rule's own."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.calendar import Calendar, Unit
from oversight.kernel.clocks.models import Clock, DefaultLimit
from oversight.kernel.clocks.rules import PORTS, Limit, Ports, Rule, Side, provide
from oversight.kernel.clocks.services import limit_for, start
from oversight.kernel.trail.change import change
from tests.cast import World
from tests.support.models import Ticket

NOTIFY = Rule("notify", "Notification", 24, Unit.HOURS, Side.CDMO, escalates_to="the quality board")


@pytest.fixture
def ticket(world: World) -> Ticket:
    with change(by=world.nina):
        return Ticket.objects.create(cdmo=world.lyra, title="Pump stopped")


def tighten(world: World) -> DefaultLimit:
    with change(by=world.nina):
        return DefaultLimit.objects.create(name="notify", limit=8, unit=Unit.HOURS)


def test_what_a_sponsor_set_holds_for_its_partners_and_for_no_other_sponsor(world: World, ticket: Ticket) -> None:
    with scope(world.paul):
        assert limit_for(NOTIFY, on=ticket) == Limit(24, Unit.HOURS, "The default of Oversight", "the quality board")
    own = tighten(world)
    for actor in (world.nina, world.paul, world.olga, world.connie):
        with scope(actor):
            ours = Limit(8, Unit.HOURS, "The default of the sponsor", "the quality board")
            assert limit_for(NOTIFY, on=ticket) == ours
    for actor in (world.riva, world.petra):
        with scope(actor):
            assert limit_for(NOTIFY, on=ticket).limit == 24
    with change(by=world.nina, reason="Goes to quality first"):
        own.escalates_to = "the head of quality"
        own.save()
    with scope(world.paul):
        assert limit_for(NOTIFY, on=ticket).escalates_to == "the head of quality"


def test_a_limit_changed_later_moves_no_clock_that_runs(world: World, ticket: Ticket) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with change(by=world.paul):
        before = start(ticket, NOTIFY, from_=noon)
    tighten(world)
    with scope(world.nina):
        present = Clock.objects.get(pk=before.pk)
    assert (present.limit, present.due_at) == (24, datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_a_clause_comes_before_both(world: World, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    tighten(world)
    clause = Limit(2, Unit.WORKING_DAYS, "QTA clause 8.3, version 4")
    monkeypatch.setattr(PORTS, "clause_for", lambda record, rule: clause if record.pk == ticket.pk else None)
    with scope(world.paul):
        assert limit_for(NOTIFY, on=ticket) == clause
        assert limit_for(NOTIFY, on=Ticket(tenant=world.acme, cdmo=world.lyra)).limit == 8


def test_the_ports_are_filled_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from oversight.kernel.clocks import rules

    ports = Ports()
    monkeypatch.setattr(rules, "PORTS", ports)
    assert ports.calendar_of(Ticket()) == Calendar("UTC", frozenset(range(5)), frozenset())
    basel = Calendar("Europe/Zurich")
    provide(calendar_of=lambda record: basel)
    provide(clause_for=lambda record, rule: None)
    assert (ports.calendar_of(Ticket()), ports.clause_for(Ticket(), NOTIFY)) == (basel, None)


def test_a_limit_that_cannot_be_is_refused_in_words(world: World) -> None:
    for limit in (0, 10_001):
        with scope(world.nina), pytest.raises(ValidationError) as refusal:
            DefaultLimit(tenant=world.acme, name="notify", limit=limit, unit=Unit.HOURS).full_clean()
        assert "limit" in refusal.value.message_dict
    tighten(world)
    with scope(world.nina), pytest.raises(ValidationError, match="There is a limit for this rule already"):
        DefaultLimit(tenant=world.acme, name="notify", limit=1, unit=Unit.HOURS).full_clean()
