"""The mail server is away in every way that there is: each letter arrives once it can, and nothing waits for it."""

import secrets
import time
from collections import Counter

import pytest
from django.test import Client

from oversight.celery import app
from oversight.kernel.access.scope import scope
from oversight.kernel.notifications.models import Letter
from oversight.kernel.notifications.posting import PAUSES
from oversight.runtime.processes import wait_until
from oversight.web.accounts.tasks import send_reset_link
from tests.cast import sign_in, system
from tests.factories.deviation import report
from tests.notifications.telling import rows
from tests.web.reading import words

from .conftest import House
from .post_office import PostOffice
from .whole import assert_whole

LOST = "The last e-mail to you could not be delivered"
NINA, CONNIE = "nina@example.com", "connie@example.com"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """Closed at first: calls are refused."""
    office = PostOffice()
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(office.port)), ("SECURITY", "none")):
        monkeypatch.setenv(f"EMAIL_{name}", value)
    return office


@pytest.fixture
def posting(office: PostOffice, house: House) -> House:
    """A relay, and a worker that tries again after moments."""
    house.bear("relay")
    house.worker = house.bear("posting")
    return house


def alarm(house: House, count: int) -> list:
    """So many critical deviations, of each of which Nina and Connie are written to at once."""
    world = house.world
    return [
        report(world.paul, world.lyra_site, severity="CRITICAL", partner_number=f"L-{secrets.token_hex(4)}")
        for _ in range(count)
    ]


def found(house: House, **wanted: object) -> list[Letter]:
    acme = system(house.world.acme)
    with scope(acme):
        return list(Letter.objects.visible_to(acme).filter(slot__startswith="event-", **wanted).order_by("pk"))


def named(house: House) -> set[tuple[str, str]]:
    """Each letter as the mail server knows it: to whom, and under which Message-ID."""
    readers = {house.world.nina.membership: NINA, house.world.connie.membership: CONNIE}
    return {
        (readers[letter.membership_id], f"<letter-{letter.tenant_id}-{letter.pk}@localhost>") for letter in found(house)
    }


def wait(house: House, done, what: str, *, seconds: float = 25) -> None:
    assert wait_until(done, seconds=seconds, every=0.05), f"{what}: {found(house)}\n{house.words()}"


def test_whatever_the_mail_server_does_each_letter_arrives(posting: House, office: PostOffice) -> None:
    told = alarm(posting, 2)
    wait(posting, lambda: len(found(posting, tries__gt=0)) == 4, "nobody answers")
    assert {each.error for each in found(posting)} == {"ConnectionRefusedError"}
    office.greylists, office.dies = True, 2
    with office.open():
        told += alarm(posting, 2)
        wait(posting, lambda: len(found(posting, state="DONE")) == 8, "it is back")
    assert office.greylisted == {NINA, CONNIE}
    assert len(office.unanswered) == 2 and office.unanswered < named(posting)
    due = Counter(dict.fromkeys(named(posting), 1)) + Counter(dict.fromkeys(office.unanswered, 1))
    assert office.taken == due, "each once; those of which it died twice, under the same name"
    assert {letter.sent_at is None for letter in found(posting)} == {False}
    posting.settle(seconds=60)
    assert_whole(posting.world, told)


def test_a_link_for_a_new_password_arrives_when_the_mail_server_takes_it(posting: House, office: PostOffice) -> None:
    office.greylists = True
    with office.open(), app.connection_for_write(posting.broker_url) as broker:
        send_reset_link.apply_async(kwargs={"address": NINA}, connection=broker)
        assert wait_until(lambda: office.taken, seconds=40, every=0.1), posting.words()
    assert [(to, count) for (to, _), count in office.taken.items()] == [(NINA, 1)]
    assert office.greylisted == {NINA}
    assert_whole(posting.world)


def test_a_reader_whom_the_mail_server_does_not_know_is_told_so_on_the_page(
    posting: House, office: PostOffice, client: Client
) -> None:
    office.unknown = CONNIE
    with office.open():
        told = alarm(posting, 1)
        wait(posting, lambda: found(posting, state="FAILED"), "given up")
    (nina, connie) = sorted(found(posting), key=lambda each: each.membership_id)
    assert (nina.state, nina.tries, connie.state, connie.tries) == ("DONE", 0, "FAILED", 1 + len(PAUSES))
    assert (connie.error, office.refused) == ("SMTPRecipientsRefused", 1 + len(PAUSES))
    assert f"Letter {connie.pk} is given up after 11 tries: SMTPRecipientsRefused" in posting.words()
    assert [notice.letter_id for notice in rows(posting.world.connie)] == [connie.pk], "in the product it stands"
    seen = {}
    for person in (posting.world.nina, posting.world.connie):
        client.logout()
        sign_in(client, person)
        seen[person.name] = LOST in words(client.get("/acme/notices/"))
    assert seen == {"Nina Berg": False, "Connie Marsh": True}
    posting.settle(seconds=60)
    assert_whole(posting.world, told, given_up=[connie])
    office.unknown = ""
    with office.open():
        told += alarm(posting, 1)
        wait(posting, lambda: len(found(posting, state="DONE")) == 3, "she is known again")
    assert LOST not in words(client.get("/acme/notices/"))


def test_nothing_else_waits_for_a_mail_server_that_says_nothing(posting: House, office: PostOffice) -> None:
    office.hangs = True
    with office.open():
        told = alarm(posting, 15)
        wait(posting, lambda: len(found(posting)) == 30, "they are owed")
        wait(posting, lambda: any(each.tries for each in found(posting)), "it was silent once")
        began = time.monotonic()
        posting.happen(*[{}] * 20)
        posting.settle(seconds=60)
        taken = time.monotonic() - began
        print(f"\n20 events handled in {taken:.1f} s while 30 letters wait; {office.calls} calls were left hanging")
        assert taken < 8, "thirty letters would keep two workers for half a minute"
        assert max(each.tries for each in found(posting)) <= 2, "who is left alone is not tried"
    office.hangs = False
    with office.open():
        wait(posting, lambda: len(found(posting, state="DONE")) == 30, "it is back")
    assert office.taken == Counter(dict.fromkeys(named(posting), 1))
    posting.settle(seconds=60)
    assert_whole(posting.world, told)
