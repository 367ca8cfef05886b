"""The first hour: five ticks, each once, at the time that it was done."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.models import Clock, DefaultLimit
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from quality import showing
from tests.cast import World, sign_in
from tests.factories.deviation import AWARE, OCCURRED, report

from .acting import Watch, act, contain, now


@pytest.mark.requirement("PI041-contemporaneous")
def test_a_tick_is_now_unless_somebody_says_when(world: World, watch: Watch) -> None:
    watch.say(14, 14, 10)
    event = report(world.paul, world.lyra_site)
    act(event, "stop-production", by=world.paul)
    act(event, "assemble-team", by=world.nina, team_assembled_at=AWARE + timedelta(minutes=13))
    found = now(event, world.nina)
    assert (found.production_stopped_at, found.team_assembled_at) == (watch.at, AWARE + timedelta(minutes=13))
    assert found.missing_containment == (
        "findings documented", "SOPs, agreement and records pulled", "stakeholders informed",
    )  # fmt: skip


def test_a_tick_stays_as_it_is(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    act(event, "stop-production", by=world.paul, production_stopped_at=AWARE)
    with pytest.raises(Refused, match=r"This is done: production stopped, 14 Jan 2026 13:06 UTC\."):
        act(event, "stop-production", by=world.paul)


def test_a_tick_lies_neither_ahead_nor_before_the_event(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    for at, sentence in (
        (watch.at + timedelta(minutes=1), "This lies in the future. Enter when it happened."),
        (OCCURRED - timedelta(minutes=1), "Nothing was contained before it occurred."),
    ):
        with pytest.raises(ValidationError) as refusal:
            act(event, "stop-production", by=world.paul, production_stopped_at=at)
        assert refusal.value.message_dict == {"production_stopped_at": [sentence]}


@pytest.mark.parametrize("who", ["omar", "vera", "adam"])
def test_quality_and_the_site_contain_nobody_else(world: World, watch: Watch, who: str) -> None:
    event = report(world.paul, world.lyra_site)
    with pytest.raises(NotAllowed):
        act(event, "stop-production", by=getattr(world, who))


@pytest.mark.parametrize(("minutes", "late"), [(60, False), (61, True)])
def test_an_hour_is_sixty_minutes(world: World, watch: Watch, minutes: int, late: bool) -> None:
    event = report(world.paul, world.lyra_site, notified_at=AWARE)
    watch.at = AWARE + timedelta(minutes=minutes)
    contain(event, by=world.paul)
    with scope(world.nina):
        clock = Clock.objects.get(record_id=event.pk, name="containment")
    assert (clock.status, clock.was_late(watch.at)) == ("ANSWERED", late)


def test_what_was_done_before_anybody_was_aware_took_no_time(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    for tick, field in (
        ("stop-production", "production_stopped_at"), ("assemble-team", "team_assembled_at"),
        ("document-findings", "findings_documented_at"), ("pull-records", "records_pulled_at"),
        ("inform-stakeholders", "stakeholders_informed_at"),
    ):  # fmt: skip
        act(event, tick, by=world.paul, **{field: OCCURRED})
    with scope(world.nina):
        assert Clock.objects.get(record_id=event.pk, name="containment").answered_at == AWARE


def test_one_press_on_the_phone_ticks(world: World, client: Client) -> None:
    event = report(world.paul, world.lyra_site)
    sign_in(client, world.paul)
    page = f"/portal/acme/deviations/{event.pk}/"
    body = client.get(page).content.decode()
    assert f'action="{page}moves/stop-production/"' in body
    assert client.post(f"{page}moves/stop-production/", {"version": "1"})["Location"] == page + "#containment"
    body = client.get(page).content.decode()
    assert f'action="{page}moves/stop-production/"' not in body
    assert "1 of 5 actions" in body
    assert now(event, world.nina).production_stopped_at is not None


def test_the_page_measures_by_the_limit_that_the_sponsor_set(world: World, watch: Watch) -> None:
    with change(by=world.nina):
        DefaultLimit.objects.create(name="containment", limit=90, unit="MINUTES")
    event = report(world.paul, world.lyra_site)
    watch.at = AWARE + timedelta(minutes=75)
    contain(event, by=world.paul)
    with scope(world.nina):
        clock = Clock.objects.get(kind="quality_deviation", record_id=event.pk, name="containment")
    assert showing.contained(now(event, world.nina), clock)["tone"] == "ok"
    assert showing.contained(now(event, world.nina), None)["tone"] == "warn"
