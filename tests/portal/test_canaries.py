"""What moves at Lyra is never read at Orion: not the step, the batch, the deviation, a name or a date."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.core import mail
from django.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.notifications.calendar_keys import renew
from oversight.kernel.notifications.reading import stretch
from tests.batches.acting import critical
from tests.cast import World, sign_in
from tests.factories.batch import act, batch
from tests.factories.deviation import report
from tests.notifications.test_letters import post_all

from .moving import fresh, plan_soon, settle, will_end_later

pytestmark = pytest.mark.django_db
PORTAL = (
    "", "?whose=mine", "our-performance/", "what-is-shared/", "notices/", "milestones/", "milestones/?q=Make",
    "alerts/", "alerts/?status=OPEN", "batches/", "slots/", "closures/", "campaigns/", "lots/", "deviations/",
    "audit-trail/", "search/?q=Make", "search/?q=ACM-101",
)  # fmt: skip
WORKSPACE = ("", "?whose=everyone&show=all", "partners/", "notices/", "milestones/", "batches/", "alerts/?status=OPEN")


@pytest.fixture
def canaries(world: World) -> tuple[str, ...]:
    """A critical deviation holds Lyra's batch, and the partner moves its date: both reach Orion's steps."""
    soon = plan_soon(world)
    made = batch(world.omar, world.lyra_site, programme=soon.programme, make_step=fresh(world, soon.make))
    act(made, "start", world.paul)
    event = critical(world, made, title="Column canary")
    settle(world)
    release = will_end_later(world, soon.release, 17, by=world.paul, reason="Reason canary")
    make = fresh(world, soon.make)
    days = [day for one in (make, release) for day in (one.forecast_end, one.partner_end, one.held_until) if day]
    names = (make.title, release.title, make.number, release.number, made.number, event.number)
    return (*names, "Lyra", "Paul Keller", "canary", *(said for day in days for said in forms(day)))


def forms(day: date) -> tuple[str, ...]:
    """As a page, the API or a calendar might write it."""
    return day.isoformat(), f"{day:%Y%m%d}", f"{day.day} {day:%b %Y}"


def pages(actor: Actor, paths: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    client = Client()
    sign_in(client, actor)
    door = f"/portal/{actor.sponsor}/" if actor.is_partner else f"/{actor.sponsor}/"
    for path in paths:
        answer = client.get(f"{door}{path}", follow=True)
        assert answer.status_code == 200, path
        # What was typed into the search is not what was found.
        yield path, re.sub(r'value="[^"]*"|“[^”]*”', "", answer.content.decode())


def leaks(words: tuple[str, ...], where: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (path, word) for path, body in where for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", body)
    ]


def test_olga_s_portal_says_nothing_of_lyra(world: World, canaries: tuple[str, ...]) -> None:
    mine = dict(pages(world.olga, PORTAL))
    assert "Fill DP-27-002" in mine[""] and "One step of ACM-101 moved" in mine[""]
    assert leaks(canaries, iter(mine.items())) == []


def test_olga_s_notices_letters_and_calendar_say_nothing_of_lyra(
    world: World, client: Client, canaries: tuple[str, ...]
) -> None:
    with scope(world.olga):
        told = [(item.number, f"{item.line} {item.title}") for item in stretch(world.olga).items]
        secret = renew(by=world.olga)
    assert next(said.split("</a> ")[1] for _, said in told).startswith("One step of ACM-101 moved")
    assert leaks(canaries, iter(told)) == []
    post_all(world)
    hers = [letter for letter in mail.outbox if letter.to == ["olga@example.com"]]
    assert hers and leaks(canaries, iter([(each.subject, each.body + each.alternatives[0][0]) for each in hers])) == []
    feed = client.get(f"/calendar/{secret}.ics").content.decode()
    assert leaks(canaries, iter([("calendar", feed)])) == []


def test_connie_who_is_granted_lyra_reads_nothing_of_orion(world: World) -> None:
    soon = plan_soon(world)
    filled = batch(world.omar, world.orion_site, programme=soon.programme, stage="DP", unit="VIALS",
                   make_step=fresh(world, soon.fill))  # fmt: skip
    act(filled, "start", world.olga)
    event = report(world.olga, world.orion_site, batch=filled, severity="CRITICAL", title="Stopper canary")
    settle(world)
    fill = fresh(world, soon.fill)
    words = (fill.title, fill.number, filled.number, event.number, "Orion", "Olga Wirth", "canary",
             *forms(fill.forecast_end), *forms(fill.held_until))  # fmt: skip
    hers = dict(pages(world.connie, (*WORKSPACE, f"programmes/{soon.programme.pk}/", f"studies/{soon.study.pk}/")))
    assert "ACM-101-2" in hers[""]
    assert leaks(words, iter(hers.items())) == []
    with scope(world.connie):
        told = [(item.number, f"{item.line} {item.title}") for item in stretch(world.connie).items]
    assert leaks(words, iter(told)) == []
