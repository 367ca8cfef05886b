"""The page of a deviation at both doors: what stands on it, and what stays with the sponsor."""

import re
from datetime import timedelta

from django.test import Client
from django.utils.html import strip_tags

from cdmos.models import Site
from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from quality.models import Deviation, ResponseTask
from tests.cast import World, sign_in
from tests.factories.deviation import AWARE, report

from .acting import CAUSE, Watch, act, now


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_partner_reports_in_one_post_from_the_phone(world: World, client: Client) -> None:
    sign_in(client, world.paul)
    typed = {
        "title": "Pump stopped",
        "description": "The feed pump stopped for nine minutes.",
        "site": str(world.lyra_site.pk),
        "severity": "MAJOR",
        "event_type": "EQUIPMENT_DOWNTIME",
        "occurred_at": "2026-01-14T13:40",
        "aware_at": "2026-01-14T14:06",
    }
    answer = client.post("/portal/acme/deviations/new/", typed)
    assert answer.status_code == 302
    with scope(world.nina):
        event = Deviation.objects.get()
    assert answer["Location"] == f"/portal/acme/deviations/{event.pk}/#containment"
    assert (event.cdmo_id, event.status, event.reported_by_cdmo) == (world.lyra.pk, "REPORTED", True)
    refused = client.post("/portal/acme/deviations/new/", typed | {"aware_at": "2026-01-14T13:39"})
    assert refused.status_code == 422
    assert "Nobody can become aware of it before it occurred." in refused.content.decode()


def test_who_of_the_sponsors_did_a_task_and_what_they_wrote_stays_there(world: World, client: Client) -> None:
    event = report(world.paul, world.lyra_site)
    with scope(world.nina):
        halt, assess = ResponseTask.objects.filter(deviation=event).order_by("id")
    act(halt, "finish", by=world.paul, note="Skid tagged out.")
    act(assess, "finish", by=world.omar, note="Nothing to notify.")
    sign_in(client, world.nina)
    page = body(client, f"/acme/deviations/{event.pk}/")
    assert all(words in page for words in ("Paul Keller", "Skid tagged out.", "Omar Haddad", "Nothing to notify."))
    client.post("/accounts/logout/")
    sign_in(client, world.paul)
    page = body(client, f"/portal/acme/deviations/{event.pk}/")
    assert all(words in page for words in ("Paul Keller", "Skid tagged out.", "Assess notification"))
    task = f"response-tasks/{assess.pk}/"
    for path in (f"deviations/{event.pk}/", "response-tasks/", task, f"{task}history/"):
        page = body(client, f"/portal/acme/{path}")
        assert "Omar Haddad" not in page
        assert "Nothing to notify." not in page


def test_the_partner_reads_why_its_root_cause_came_back(world: World, client: Client) -> None:
    event = report(world.paul, world.lyra_site)
    act(event, "accept-report", by=world.nina)
    for reason in ("What changed in the feed?", "And who changed it?"):
        act(event, "submit-root-cause", by=world.paul, **CAUSE)
        act(event, "return-root-cause", by=world.nina, reason=reason)
    sign_in(client, world.paul)
    page = body(client, f"/portal/acme/deviations/{event.pk}/")
    assert page.index("And who changed it?") < page.index("What changed in the feed?")
    assert "returned 2 times" in page
    assert "Nina Berg" not in page


def returned(world: World, watch: Watch) -> Deviation:
    """Sent on the 16th, returned by Nina on the 19th."""
    event = report(world.paul, world.lyra_site)
    act(event, "accept-report", by=world.nina)
    watch.say(16, 9)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    watch.say(19, 9)
    act(event, "return-root-cause", by=world.nina, reason="What changed in the feed?")
    return event


def challenges(page: str) -> list[tuple[str, str]]:
    """The tone and the words of each return on a page."""
    found = re.findall(r'<div class="challenge" data-tone="(\w+)">.*?<div>(.*?)</div>', page, re.DOTALL)
    return [(tone, " ".join(strip_tags(words).split())) for tone, words in found]


def test_who_answers_a_return_reads_there_what_was_asked(world: World, client: Client, watch: Watch) -> None:
    event = returned(world, watch)
    with scope(world.nina):
        at = event.history.get(returned_count=1).history_date
    asked = [("warn", f"Returned by Acme Therapeutics, {at.day} {at:%b %Y}. What changed in the feed?")]
    for actor, home in ((world.paul, "/portal/acme"), (world.nina, "/acme")):
        visitor = Client()
        sign_in(visitor, actor)
        page = body(visitor, f"{home}/deviations/{event.pk}/moves/submit-root-cause/")
        assert challenges(page) == asked
        assert page.index("What changed in the feed?") < page.index("id_why_1")
        assert challenges(body(visitor, f"{home}/deviations/{event.pk}/moves/stop-production/")) == []


def test_a_return_that_was_answered_is_settled(world: World, client: Client, watch: Watch) -> None:
    event = returned(world, watch)
    watch.say(21, 9)
    act(event, "submit-root-cause", by=world.paul, **CAUSE | {"because_1": "The frit was blocked by fines."})
    sign_in(client, world.paul)
    path = f"/portal/acme/deviations/{event.pk}/"
    with scope(world.nina):
        at = event.history.filter(returned_count=1).earliest("history_id").history_date
    day = f"{at.day} {at:%b %Y}"
    first = ("info", f"Returned by Acme Therapeutics, {day}. Answered 21 Jan 2026. What changed in the feed?")
    assert challenges(body(client, path)) == [first]
    act(event, "return-root-cause", by=world.nina, reason="And who changed it?")
    second = ("warn", f"Returned by Acme Therapeutics, {day}. And who changed it?")
    assert challenges(body(client, path)) == [second, first]


def test_sending_the_root_cause_is_urged_on_the_partner_alone(world: World, watch: Watch) -> None:
    event = returned(world, watch)
    drawn = {}
    for actor, home in ((world.paul, "/portal/acme"), (world.nina, "/acme")):
        visitor = Client()
        sign_in(visitor, actor)
        page = body(visitor, f"{home}/deviations/{event.pk}/")
        drawn[home] = re.findall(r'class="([\w -]+)" href="[^"]+/moves/submit-root-cause/"', page)
    assert drawn == {"/portal/acme": ["btn btn--primary"], "/acme": ["btn"]}


def test_a_move_says_that_it_is_done(world: World, client: Client) -> None:
    event = report(world.paul, world.lyra_site)
    sign_in(client, world.nina)
    typed = {"version": str(event.version)}
    answer = client.post(f"/acme/deviations/{event.pk}/moves/accept-report/", typed, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Accept the report: done."]


NEW = "/portal/acme/deviations/new/"


def test_a_report_begins_at_the_site_of_the_last_one(world: World, client: Client) -> None:
    sign_in(client, world.paul)
    page = client.get(NEW).context
    assert page["form"]["site"].value() == world.lyra_site.pk
    assert "site" in [row["field"].name for row in page["folded"]]
    with change(by=world.nina):
        visp = Site.objects.create(cdmo=world.lyra, name="Visp", city="Visp", country="CH", time_zone="Europe/Zurich")
    assert client.get(NEW).context["form"]["site"].value() is None
    report(world.nina, visp, world.lyra)
    assert client.get(NEW).context["form"]["site"].value() == visp.pk
    report(world.paul, world.lyra_site)
    report(world.nina, visp, world.lyra)
    page = client.get(NEW).context
    assert page["form"]["site"].value() == world.lyra_site.pk
    assert "site" in [row["field"].name for row in page["asked"]]


def test_when_it_happened_names_its_time_zone(world: World, client: Client) -> None:
    sign_in(client, world.paul)
    fields = client.get(NEW).context["form"].fields
    zone = f"In your time zone, {world.paul.tz}."
    assert fields["occurred_at"].help_text == zone
    assert fields["aware_at"].help_text == f"The clocks begin here. {zone}"


def test_a_change_by_a_supplier_is_not_first_to_be_contained(world: World, client: Client) -> None:
    sign_in(client, world.paul)
    assert "Contain it within 60 min" in body(client, NEW)
    assert "Contain it" not in body(client, f"{NEW}?event_type=SUPPLIER_CHANGE&severity=MINOR")


def test_the_latency_is_held_against_what_is_allowed(world: World, client: Client) -> None:
    event = report(world.paul, world.lyra_site, severity="CRITICAL", notified_at=AWARE + timedelta(hours=25))
    sign_in(client, world.nina)
    page = body(client, f"/acme/deviations/{event.pk}/")
    assert "Told us" in page
    assert "(24 h allowed)" in page
    assert now(event, world.nina).latency == timedelta(hours=25)
