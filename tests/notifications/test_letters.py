"""Letters: at once or at seven, never twice, lost by no mail server, and silent about what is confidential."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from oversight.kernel.access.grants import close_to
from oversight.kernel.access.models import Membership, User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.comments.saying import say
from oversight.kernel.notifications import announcing
from oversight.kernel.notifications.announcing import digest_zone, next_digest
from oversight.kernel.notifications.groups import Group, Way
from oversight.kernel.notifications.models import Letter
from oversight.kernel.notifications.posting import PAUSES, post
from oversight.kernel.notifications.preferences import choose, chosen
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import World, join, sign_in, system
from tests.factories.deviation import report

from .mailroom import Mailroom, open_mailroom
from .telling import deliver_all, letters, rows

SEVEN = datetime(2026, 11, 24, 6, tzinfo=UTC)  # in Zurich


def post_all(world: World) -> None:
    """As the relay would ring: every letter that waits, whether or not it is due."""
    for sponsor in (world.acme, world.rival):
        with scope(system(sponsor)):
            waiting = list(Letter.objects.filter(state="WAITING").order_by("id").values_list("id", flat=True))
        for letter in waiting:
            post(tenant=sponsor.pk, letter=letter)


def want(actor: Actor, **ways: Way) -> None:
    """Choose for some groups; the others stay."""
    with scope(actor):
        present = {group.value: way.value for group, way in chosen(actor).items()}
        choose(present | {group: way.value for group, way in ways.items()}, by=actor)


@pytest.fixture
def room(settings) -> Iterator[Mailroom]:
    with open_mailroom() as room:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", room.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.PUBLIC_URL = "https://oversight.example"
        yield room


def test_a_critical_event_is_written_at_once_and_the_rest_at_seven(world: World) -> None:
    now = timezone.now()
    report(world.paul, world.lyra_site, severity="CRITICAL")
    report(world.paul, world.lyra_site, title="A minor one", severity="MINOR")
    deliver_all(world)
    urgent, digest = letters(world.nina)
    assert urgent.slot.startswith("event-") and urgent.due_at - now < timedelta(minutes=1)
    seven = next_digest(now, "Europe/Zurich")
    assert (digest.slot, digest.due_at) == (f"day-{seven:%Y-%m-%d}", seven)
    assert [notice.letter_id for notice in rows(world.nina)] == [digest.pk, urgent.pk]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (SEVEN - timedelta(minutes=1), SEVEN),
        (SEVEN, SEVEN + timedelta(days=1)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)),  # the clocks go forward
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)),  # and back
    ],
)
def test_seven_is_seven_where_the_reader_is(now: datetime, due: datetime) -> None:
    assert next_digest(now, "Europe/Zurich") == due


def test_a_partners_seven_is_that_of_the_site(world: World) -> None:
    acme = system(world.acme)
    with change(by=acme, reason="Moved"):
        type(world.lyra_site).objects.filter(pk=world.lyra_site.pk).update(time_zone="America/New_York")
    with scope(acme):
        assert digest_zone("Europe/Zurich", world.lyra.pk, acme) == "America/New_York"
        assert digest_zone("Europe/Zurich", world.orion.pk, acme) == "Europe/Zurich"
        assert digest_zone("Asia/Tokyo", None, acme) == "Asia/Tokyo", "the sponsor's staff: where the person is"


@pytest.mark.requirement("ASVS-5.2.3")
def test_the_letter_tells_how_many_and_nothing_confidential(world: World, room: Mailroom) -> None:
    deviation = report(
        world.paul, world.lyra_site, severity="CRITICAL", title="Titre canary", description="Text canary",
        partner_number="LB-canary",
    )  # fmt: skip
    deliver_all(world)
    post_all(world)
    assert {to for to, _ in room.taken} == {"nina@example.com", "connie@example.com"}
    letter = next(letter for to, letter in room.taken if to == "nina@example.com")
    assert letter["Subject"] == "Oversight: 1 critical item needs you"
    whole = letter.as_string() + str(letter.get_body(("plain",))) + str(letter.get_body(("html",)))
    for word in ("canary", "Acme Therapeutics", "Lyra", "Paul", "Rival"):
        assert word not in whole, word
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert f"CRITICAL  Critical deviation, {deviation.number}\n" in text
    (notice,) = rows(world.nina)
    assert f"https://oversight.example/acme/notices/{notice.pk}/" in text
    assert "https://oversight.example/acme/notices/preferences/" in text
    assert notice.mailed_at is not None and notice.read_at is None


def test_the_digest_gathers_the_day_and_leaves_out_what_was_read(world: World, client) -> None:
    first = report(world.paul, world.lyra_site, title="First")
    second = report(world.paul, world.lyra_site, title="Second", partner_number="LB-2")
    deliver_all(world)
    sign_in(client, world.nina)
    opened = client.get(f"/acme/notices/{rows(world.nina)[0].pk}/")
    assert opened.headers["Location"] == f"/acme/deviations/{second.pk}/"
    post_all(world)
    (letter,) = [each for each in mail.outbox if each.to == ["nina@example.com"]]
    assert letter.subject == "Oversight: 1 item for you"
    assert first.number in letter.body and second.number not in letter.body
    post_all(world)
    assert len([each for each in mail.outbox if each.to == ["nina@example.com"]]) == 1


def test_what_one_may_see_no_more_is_not_written(world: World) -> None:
    report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    with change(by=system(world.acme), reason="Contract ended"):
        close_to(Membership.objects.get(pk=world.connie.membership), world.lyra)
        Membership.objects.filter(pk=world.nina.membership).update(valid_until="2026-01-31")
    post_all(world)
    assert mail.outbox == []
    with scope(system(world.acme)):
        assert set(Letter.objects.values_list("state", "sent_at")) == {("DONE", None)}


def test_internal_talk_is_never_written_to_the_partner(world: World) -> None:
    deviation = report(world.paul, world.lyra_site)
    with scope(world.nina):
        say(deviation, text="@Omar Haddad internal canary", by=world.nina, shared=False, view="deviation.view")
    deliver_all(world)
    post_all(world)
    assert {to for each in mail.outbox for to in each.to} == {
        "nina@example.com",
        "connie@example.com",
        "omar@example.com",
    }
    assert not [each for each in mail.outbox if "canary" in each.message().as_string()]


def test_a_mail_server_that_is_away_loses_nothing(world: World, room: Mailroom, settings) -> None:
    report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    settings.EMAIL_PORT = 1  # nobody answers there
    before = timezone.now()
    post_all(world)
    (letter,) = letters(world.nina)
    assert (letter.state, letter.tries, letter.error) == ("WAITING", 1, "ConnectionRefusedError")
    assert PAUSES[0] <= letter.due_at - before < PAUSES[0] + timedelta(seconds=30)
    settings.EMAIL_PORT, room.refusing = room.port, True
    post_all(world)
    (letter,) = letters(world.nina)
    assert (letter.state, letter.tries, letter.error) == ("WAITING", 2, "SMTPRecipientsRefused")
    assert room.taken == []
    room.refusing = False
    post_all(world)
    post_all(world)
    assert room.subjects("nina@example.com") == ["Oversight: 1 critical item needs you"]
    (letter,) = letters(world.nina)
    assert letter.state == "DONE" and letter.sent_at is not None


def test_a_letter_is_given_up_after_a_day_and_that_is_said(
    world: World, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    (letter,) = letters(world.nina)
    for _ in range(len(PAUSES) + 3):
        post(tenant=world.acme.pk, letter=letter.pk)
    (letter,) = letters(world.nina)
    assert (letter.state, letter.tries) == ("FAILED", 11)
    assert caplog.messages.count(f"Letter {letter.pk} is given up after 11 tries: ConnectionRefusedError") == 1
    assert len(rows(world.nina)) == 1, "in the product it stands all the same"


def test_of_many_workers_at_once_one_sends(lasting_world: World, room: Mailroom) -> None:
    report(lasting_world.paul, lasting_world.lyra_site, severity="CRITICAL")
    deliver_all(lasting_world)
    (letter,) = letters(lasting_world.nina)
    barrier = Barrier(6)

    def work(turn: int) -> None:
        try:
            barrier.wait(30)
            post(tenant=lasting_world.acme.pk, letter=letter.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(work, range(6)))
    assert room.subjects("nina@example.com") == ["Oversight: 1 critical item needs you"]


def test_the_letter_of_a_worker_that_died_is_taken_up_again_under_the_same_name(world: World, room: Mailroom) -> None:
    report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    (letter,) = letters(world.nina)
    with scope(system(world.acme)):
        Letter.objects.filter(pk=letter.pk).update(claimed_at=timezone.now() - timedelta(minutes=4))
    post(tenant=world.acme.pk, letter=letter.pk)
    assert room.taken == [], "it may still be at it"
    with scope(system(world.acme)):
        Letter.objects.filter(pk=letter.pk).update(claimed_at=timezone.now() - timedelta(minutes=6))
    post(tenant=world.acme.pk, letter=letter.pk)
    assert [str(each["Message-ID"]) for _, each in room.taken] == [
        f"<letter-{world.acme.pk}-{letter.pk}@oversight.example>"
    ]


def test_each_is_written_to_as_they_chose(world: World) -> None:
    want(world.nina, YOURS=Way.NONE, CRITICAL=Way.DAILY)
    want(world.connie, YOURS=Way.INSTANT)
    report(world.paul, world.lyra_site)
    report(world.paul, world.lyra_site, severity="CRITICAL", partner_number="LB-2")
    deliver_all(world)
    assert [each.slot.split("-")[0] for each in letters(world.nina)] == ["day"]
    assert [notice.letter_id is None for notice in rows(world.nina)] == [False, True]
    assert [each.slot.split("-")[0] for each in letters(world.connie)] == ["event", "event"]
    with scope(world.nina):
        assert chosen(world.nina)[Group.YOURS] == Way.NONE
    with scope(world.connie):
        assert chosen(world.connie)[Group.YOURS] == Way.INSTANT


def test_a_person_at_two_sponsors_gets_each_sponsors_letter_apart(world: World) -> None:
    with change(by=system(world.rival), reason="Serves Rival too"):
        paul_there = join(
            world.rival, User.objects.get(pk=world.paul.user),
            Role.CDMO_QA, "Lyra Biologics AG", world.foreign,
        )  # fmt: skip
    here = report(world.nina, world.lyra_site, world.lyra, severity="CRITICAL")
    there = report(world.riva, world.foreign_site, world.foreign, severity="CRITICAL", title="Rival canary")
    deliver_all(world)
    post_all(world)
    bodies = [each.body for each in mail.outbox if each.to == ["paul@example.com"]]
    assert len(bodies) == 2
    assert ["/portal/acme/" in body for body in bodies] == [True, False]
    assert ["/portal/rival/" in body for body in bodies] == [False, True]
    assert here.number == there.number, "each sponsor counts by itself"
    assert [notice.tenant_id for notice in rows(paul_there)] == [world.rival.pk]


def test_a_story_of_the_demo_world_is_told_as_long_ago_and_written_to_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = datetime(2025, 3, 4, 9, tzinfo=UTC)
    monkeypatch.setattr(announcing, "moment_of", lambda event, record: then)
    report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    (notice,) = rows(world.nina)
    assert (notice.at, notice.read_at, notice.letter_id) == (then, then, None)
    assert letters(world.nina) == []
