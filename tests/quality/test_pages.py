"""The page of a deviation at both doors: what stands on it, and what stays with the sponsor."""

from datetime import timedelta

from django.test import Client

from oversight.kernel.access.scope import scope
from quality.models import Deviation, ResponseTask
from tests.cast import World, sign_in
from tests.factories.deviation import AWARE, report

from .acting import CAUSE, act, now


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


def test_the_latency_is_held_against_what_is_allowed(world: World, client: Client) -> None:
    event = report(world.paul, world.lyra_site, severity="CRITICAL", notified_at=AWARE + timedelta(hours=25))
    sign_in(client, world.nina)
    page = body(client, f"/acme/deviations/{event.pk}/")
    assert "Told us" in page
    assert "(24 h allowed)" in page
    assert now(event, world.nina).latency == timedelta(hours=25)
