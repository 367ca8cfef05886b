"""What partners owe, and reminding them of it: once a day, in the open, heard by whoever delivers notices."""

import re

from django.http import HttpResponse
from django.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.models import Clock
from oversight.kernel.comments.models import Comment
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.about import key_of
from oversight.web.today.models import Reminder
from tests.cast import World, sign_in
from tests.factories.deviation import report
from tests.quality.acting import Watch
from tests.web.reading import fold, words


def clock_of(record, name: str, by: Actor) -> int:
    with scope(by):
        return Clock.objects.visible_to(by).get(**key_of(record), name=name).pk


def said(actor: Actor) -> list[tuple[str, str, bool]]:
    """Every comment: by whom, what, whether the partner reads it."""
    with scope(actor):
        rows = Comment.objects.visible_to(actor).order_by("id")
        return [(row.author_name, row.text, row.shared) for row in rows]


def reminders(actor: Actor) -> list[tuple[str, str]]:
    """Every event of a reminder: by whom, of which rule."""
    with scope(actor):
        rows = Event.objects.visible_to(actor).filter(name="work.reminded").order_by("id")
        return [(row.user_name, row.facts["rule"]) for row in rows]


def panel(client: Client, actor: Actor) -> list[str]:
    sign_in(client, actor)
    body = client.get(f"/{actor.sponsor}/").content.decode()
    found = re.search(r'aria-labelledby="h-waiting">.*?</section>', body, re.S)
    assert found
    return [fold(row) for row in re.findall(r"<li>(.*?)</li>", found[0], re.S)]


def remind(client: Client, clock: int, **more: str) -> HttpResponse:
    return client.post("/acme/partners/remind/", {"clock": clock} | more)


def test_late_partners_come_first(world: World, client: Client, reported) -> None:
    assert panel(client, world.nina) == [
        "Containment of DEV-26-0001 Lyra Biologics 4 min over Remind of DEV-26-0001, Containment",
        "Halt further processing for TSK-26-00001 Lyra Biologics 3 h 52 min left"
        " Remind of TSK-26-00001, Halt further processing",
        "Investigation of DEV-26-0001 Lyra Biologics 30 days left Remind of DEV-26-0001, Investigation",
    ]
    # Vera only looks.
    assert panel(Client(), world.vera)[0] == "Containment of DEV-26-0001 Lyra Biologics 4 min over"


def test_a_reminder_is_a_comment_that_the_partner_reads(world: World, client: Client, watch: Watch, reported) -> None:
    sign_in(client, world.nina)
    answer = remind(client, clock_of(reported, "containment", world.nina))
    assert (answer.status_code, answer["Location"]) == (302, "/acme/#waiting")
    assert "Reminder sent. It stands in the discussion of DEV-26-0001" in words(client.get("/acme/"))
    told = ("Nina Berg", "Reminder: containment was due Wednesday 14 Jan 15:06 CET.", True)
    assert said(world.paul) == [told]
    assert said(world.olga) == []
    assert reminders(world.nina) == [("Nina Berg", "containment")]

    # Once a day: not again by another clock of the record, nor by somebody else.
    assert panel(client, world.nina)[0] == "Containment of DEV-26-0001 Lyra Biologics 4 min over Reminded today"
    omar = Client()
    sign_in(omar, world.omar)
    refused = remind(omar, clock_of(reported, "investigation", world.nina))
    assert refused.status_code == 409
    assert "The partner was reminded of DEV-26-0001 today. One reminder a day is enough" in words(refused)
    assert said(world.paul) == [told]

    # The next day one may again.
    watch.say(15, 9, 0)
    sign_in(omar, world.omar)
    assert remind(omar, clock_of(reported, "investigation", world.nina), **{"from": "partners"})["Location"] == (
        "/acme/partners/#waiting"
    )
    assert said(world.paul)[1:] == [("Omar Haddad", "Reminder: investigation is due Friday 13 Feb 17:00 CET.", True)]
    assert reminders(world.nina) == [("Nina Berg", "containment"), ("Omar Haddad", "investigation")]


def test_who_may_not_write_reminds_nobody(world: World, client: Client, reported) -> None:
    clock = clock_of(reported, "containment", world.nina)
    for actor, status in ((world.vera, 403), (world.adam, 403), (world.riva, 404), (world.paul, 404)):
        client = Client()
        sign_in(client, actor)
        assert remind(client, clock).status_code == status, actor.name
    assert said(world.nina) == []
    with scope(world.nina):
        assert Reminder.objects.visible_to(world.nina).count() == 0


def test_what_is_out_of_sight_or_not_a_partner_s_is_not_reminded_of(world: World, client: Client, reported) -> None:
    orions = report(world.olga, world.orion_site, title="Orion's canary")
    sign_in(client, world.connie)
    assert remind(client, clock_of(orions, "containment", world.nina)).status_code == 404
    refused = remind(client, clock_of(reported, "report-acceptance", world.nina))
    assert refused.status_code == 409
    assert "This waits for no partner any more, so there is nothing to remind of." in words(refused)
    assert [client.post("/acme/partners/remind/", {"clock": key}).status_code for key in ("", "x", "9" * 30)] == [
        404
    ] * 3
    assert remind(client, clock_of(reported, "containment", world.nina)).status_code == 302
    assert said(world.nina) == [("Connie Marsh", "Reminder: containment was due Wednesday 14 Jan 15:06 CET.", True)]


def test_the_page_of_all_that_partners_owe(world: World, client: Client, reported) -> None:
    report(world.olga, world.orion_site, title="Orion's canary")
    report(world.riva, world.foreign_site, world.foreign, title="Rival's canary")
    sign_in(client, world.nina)
    page = words(client.get("/acme/partners/"))
    assert "Six things wait for partners. Two are late." in page
    assert "Orion's canary" in page and "Rival's canary" not in page
    late = client.get("/acme/partners/?late=yes")
    assert late.content.decode().count('<td class="cell-lead">') == 2
    narrowed = Client()
    sign_in(narrowed, world.connie)
    page = words(narrowed.get("/acme/partners/"))
    assert "Three things wait for partners. One is late." in page and "Orion" not in page
    paul = Client()
    sign_in(paul, world.paul)
    assert paul.get("/acme/partners/").status_code == 404
