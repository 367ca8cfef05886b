"""The calendar feed: one's own side's due dates, by a secret that is shown once, and no word of what they are about."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from oversight.kernel.access.grants import close_to
from oversight.kernel.access.models import Membership, User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.models import Clock
from oversight.kernel.notifications.calendar_keys import renew, revoke
from oversight.kernel.notifications.models import CalendarKey
from oversight.kernel.records.writes import create
from oversight.kernel.trail.change import change
from oversight.roles import Role
from quality.records import RESPONSE_TASK
from tests.cast import World, join, raw, sign_in, system
from tests.factories.deviation import report
from tests.quality.acting import contain

pytestmark = pytest.mark.django_db


def key(actor: Actor) -> str:
    with scope(actor):
        return renew(by=actor)


def entries(client: Client, secret: str) -> dict[str, dict[str, str]]:
    """By what they say: how each stands, where it leads, its number of changes."""
    response = client.get(f"/calendar/{secret}.ics")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = {}
    for event in Calendar.from_ical(response.content).walk("VEVENT"):
        assert str(event["SUMMARY"]) not in found
        found[str(event["SUMMARY"])] = {name: str(event[name]) for name in ("UID", "STATUS", "URL", "SEQUENCE")} | {
            "due": event.decoded("DTSTART")
        }
    return found


@pytest.fixture
def filled(world: World) -> World:
    now = timezone.now()
    times = {name: now - timedelta(minutes=5) for name in ("occurred_at", "aware_at", "notified_at")}
    report(world.paul, world.lyra_site, title="Lyra canary", **times)
    report(world.olga, world.orion_site, title="Orion canary", **times)
    report(world.riva, world.foreign_site, world.foreign, title="Rival canary", **times)
    return world


def test_each_sees_what_waits_for_the_own_side(filled: World, client: Client, settings) -> None:
    settings.PUBLIC_URL = "https://oversight.example"
    of_paul = entries(client, key(filled.paul))
    assert set(of_paul) == {
        "DEV-26-0001 containment due", "DEV-26-0001 investigation due", "TSK-26-00001 halt further processing due",
    }  # fmt: skip
    with scope(filled.paul):
        clock = Clock.objects.get(name="containment")
    first = of_paul["DEV-26-0001 containment due"]
    assert first["due"] == clock.due_at.replace(microsecond=0)
    assert first["UID"] == f"clock-{clock.pk}@oversight.example"
    assert first["URL"] == f"https://oversight.example/portal/acme/deviations/{clock.record_id}/"
    of_nina = entries(client, key(filled.nina))
    assert set(of_nina) == {
        "DEV-26-0001 acceptance of the report due",
        "DEV-26-0002 acceptance of the report due",
        "TSK-26-00002 assess notification of health authorities due",
        "TSK-26-00004 assess notification of health authorities due",
    }
    assert {summary.split()[0] for summary in entries(client, key(filled.connie))} == {"DEV-26-0001", "TSK-26-00002"}
    assert {summary.split()[0] for summary in entries(client, key(filled.olga))} == {"DEV-26-0002", "TSK-26-00003"}
    for secret in (key(filled.nina), key(filled.paul), key(filled.petra)):
        assert b"canary" not in client.get(f"/calendar/{secret}.ics").content


def test_what_a_person_wrote_stays_in_the_house(filled: World, client: Client) -> None:
    """The clock of a task that somebody added bears the task's own words: the calendar does not."""
    with scope(filled.nina):
        deviation = RESPONSE_TASK.targets["deviation"].model.objects.visible_to(filled.nina).order_by("id")[0]
        values = {"deviation": deviation, "title": "Call Novaria about canary", "side": "CDMO"}
        task = create(RESPONSE_TASK, by=filled.nina, values=values)
    assert f"{task.number} response task due" in entries(client, key(filled.paul))


def test_what_is_settled_is_told_to_be_off_under_the_same_name(filled: World, client: Client) -> None:
    secret = key(filled.paul)
    before = entries(client, secret)["DEV-26-0001 containment due"]
    with scope(filled.paul):
        deviation = RESPONSE_TASK.targets["deviation"].model.objects.visible_to(filled.paul).get()
    contain(deviation, by=filled.paul)
    after = entries(client, secret)["DEV-26-0001 containment due"]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert before["UID"] == after["UID"] and int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_the_secret_is_shown_once_and_kept_as_a_digest(filled: World, client: Client) -> None:
    sign_in(client, filled.nina)
    shown = client.post("/acme/notices/calendar/", {"do": "renew"})
    (secret,) = re.findall(r"/calendar/([a-z2-7]{32})\.ics", shown.content.decode())
    assert "no-store" in shown.headers["Cache-Control"]
    assert secret not in client.get("/acme/notices/preferences/").content.decode()
    with scope(filled.nina):
        (kept,) = CalendarKey.objects.all()
    assert kept.digest != secret and len(kept.digest) == 64
    assert entries(client, secret)
    other = re.findall(r"/calendar/([a-z2-7]{32})\.ics", client.post("/acme/notices/calendar/").content.decode())[0]
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404, "renewed"
    assert Client().get(f"/calendar/{other}.ics").status_code == 200
    assert client.post("/acme/notices/calendar/", {"do": "revoke"}).status_code == 302
    gone, never = Client().get(f"/calendar/{other}.ics"), Client().get("/calendar/nobodys.ics")
    assert gone.status_code == never.status_code == 404 and gone.content == never.content
    assert not revoke_again(filled.nina)


def revoke_again(actor: Actor) -> bool:
    with scope(actor):
        return revoke(by=actor)


def test_an_ended_membership_and_a_narrowed_one_lose_what_they_lose(filled: World, client: Client) -> None:
    ninas, connies = key(filled.nina), key(filled.connie)
    assert entries(client, connies)
    with change(by=system(filled.acme), reason="Left"):
        close_to(Membership.objects.get(pk=filled.connie.membership), filled.lyra)
        Membership.objects.filter(pk=filled.nina.membership).update(valid_until="2026-01-31")
    assert client.get(f"/calendar/{ninas}.ics").status_code == 404
    assert entries(client, connies) == {}


@pytest.mark.requirement("ASVS-8.3.1")
def test_the_secret_opens_nothing_but_the_calendar(filled: World, client: Client) -> None:
    secret = key(filled.nina)
    assert client.get("/acme/").status_code == 302
    assert client.get("/api/v1/acme/deviations/", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert client.post(f"/calendar/{secret}.ics").status_code == 405
    assert client.get(f"/calendar/{secret}.ics").cookies == {}


def test_a_partners_connection_reads_no_key_of_the_other_side(filled: World) -> None:
    key(filled.connie), key(filled.nina), key(filled.olga)
    with scope(filled.paul):
        assert raw("SELECT count(*) FROM notifications_calendarkey") == [(0,)]


def test_nobody_revokes_or_renews_anothers(filled: World, client: Client) -> None:
    omars, pauls = key(filled.omar), key(filled.paul)
    for actor in (filled.nina, filled.vito):
        with scope(actor):
            assert revoke(by=actor) is False
        key(actor)
    assert entries(client, omars) and entries(client, pauls)


def test_a_secret_stands_for_the_one_membership_that_made_it(filled: World, client: Client) -> None:
    veras = key(filled.vera)
    with change(by=system(filled.rival)):
        join(filled.rival, User.objects.get(pk=filled.vera.user), Role.VIEWER, "Rival Bio")
    assert client.get(f"/calendar/{veras}.ics").status_code == 200
    with change(by=system(filled.acme), reason="Left"):
        Membership.objects.filter(pk=filled.vera.membership).update(valid_until="2026-01-31")
    assert client.get(f"/calendar/{veras}.ics").status_code == 404
