"""Receivers of webhooks are away in every way that there is, and come back: each is told at least once, by who it is.

What one failed try leads to stands in tests/webhooks; here relay and worker go on by themselves.
"""

import hashlib
import hmac
import json
from collections import Counter

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Delivery, Event, Webhook
from oversight.kernel.outbox.webhooks import create_webhook, retry_given_up
from oversight.runtime.processes import free_port, wait_until
from tests.cast import system
from tests.notifications.telling import told
from tests.webhooks.receiver import Receiver, receiving

from .conftest import House
from .whole import assert_whole

NAME = "memo.written"


@pytest.fixture
def posting(house: House, settings) -> House:
    """A relay, and a worker that tries again after moments and calls addresses of this machine."""
    settings.WEBHOOKS_ALLOW_INSECURE = True
    house.bear("relay")
    house.worker = house.bear("posting")
    return house


def owe(house: House, url: str) -> tuple[Webhook, str]:
    with scope(house.world.adam):
        return create_webhook(by=house.world.adam, url=url, events=[NAME])


def deliveries(house: House, webhook: Webhook) -> list[Delivery]:
    acme = system(house.world.acme)
    with scope(acme):
        return list(Delivery.objects.visible_to(acme).filter(webhook=webhook).order_by("event_id"))


def wait(house: House, webhook: Webhook, state: str, count: int, *, seconds: float = 25) -> None:
    def is_so() -> bool:
        return [each.state for each in deliveries(house, webhook)] == [state] * count

    assert wait_until(is_so, seconds=seconds, every=0.05), f"{deliveries(house, webhook)}\n{house.words()}"


def assert_told(receiver: Receiver, secret: str, events: list[int], *, path: str = "/") -> None:
    """Of each event at least once, each time with the same words under the same number, signed by the secret."""
    heard = [(headers, body) for where, headers, body in receiver.heard if where == path]
    for headers, body in heard:
        at, mark = (part.split("=")[1] for part in headers["X-Oversight-Signature"].split(","))
        assert mark == hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert sorted({json.loads(body)["id"] for _, body in heard}) == events
    assert len({(headers["X-Oversight-Delivery"], body) for headers, body in heard}) == len(events)


def test_whoever_was_away_is_told_when_it_is_back(posting: House) -> None:
    port = free_port()
    gone, its_secret = owe(posting, f"http://localhost:{port}/")
    with receiving() as other:
        moody, secret = owe(posting, f"{other.url}/moody")
        steady, third = owe(posting, f"{other.url}/")
        other.statuses_of["/moody"] = [500, 503, 410, 302, 500]
        events = posting.happen(*[{}] * 4)
        wait(posting, steady, "DONE", 4, seconds=30)
        wait(posting, moody, "DONE", 4)
        assert {each.state for each in deliveries(posting, gone)} == {"WAITING"}
        with receiving(port=port) as back:
            wait(posting, gone, "DONE", 4)
        assert_told(other, third, events)
        assert_told(other, secret, events, path="/moody")
        assert_told(back, its_secret, events)
        told_how_often = Counter(where for where, _, _ in other.heard)
    assert told_how_often == {"/": 4, "/moody": 4 + 5}
    posting.settle(seconds=60)
    assert_whole(posting.world)


def test_one_that_says_nothing_keeps_no_other_waiting(posting: House) -> None:
    with receiving() as other, receiving() as steady:
        other.drip = True
        silent, secret = owe(posting, f"{other.url}/")
        heard, its_secret = owe(posting, f"{steady.url}/")
        events = posting.happen(*[{}] * 24)
        wait(posting, heard, "DONE", 24, seconds=30)
        assert_told(steady, its_secret, events)
        print(f"\n24 deliveries told while {len(other.heard)} calls were left hanging")
        assert len(other.heard) <= 8, "who is silent is left alone, and not asked 24 times"
        other.drip = False
        wait(posting, silent, "DONE", 24)
    assert_told(other, secret, events)
    posting.settle(seconds=60)
    assert_whole(posting.world)


def test_giving_up_is_said_and_what_was_given_up_goes_out_again(posting: House) -> None:
    port = free_port()
    webhook, secret = owe(posting, f"http://localhost:{port}/")
    events = posting.happen({})
    wait(posting, webhook, "FAILED", 1)
    posting.settle(seconds=60)
    (lost,) = deliveries(posting, webhook)
    assert (lost.tries, lost.error) == (9, "No answer: ConnectionRefusedError")
    with scope(posting.world.adam):
        said = Event.objects.get(name="webhook.given_up")
    assert (said.record_id, said.facts) == (webhook.pk, {"delivery": lost.pk, "event": events[0]})
    assert [what for what, _ in told(posting.world.adam)] == ["webhook"]
    assert_whole(posting.world, given_up=[lost])
    with receiving(port=port) as back:
        with scope(posting.world.adam):
            assert retry_given_up(webhook.pk, by=posting.world.adam) == 1
        wait(posting, webhook, "DONE", 1)
    assert_told(back, secret, events)
    assert_whole(posting.world)
