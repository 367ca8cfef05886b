"""A webhook hears of what it asked for, can tell who speaks, and is asked again for eight hours."""

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from pytest_django.fixtures import Settings

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.outbox import publish, sending
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Delivery, Event, Webhook
from oversight.kernel.outbox.posting import PAUSES, post
from oversight.kernel.outbox.webhooks import create_webhook, rotate_secret, secrets_of, switch
from oversight.kernel.trail.change import change
from tests.cast import World
from tests.support.models import Ticket

from .receiver import CERTIFICATE, Receiver, receiving


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_ALLOW_INSECURE = True
    with receiving() as receiver:
        yield receiver


def happen(world: World, name: str = "ticket.closed") -> Event:
    """Something that the outbox has delivered to its subscribers."""
    with change(by=world.nina):
        ticket = Ticket.objects.create(cdmo=world.lyra, title=f"Impurity above limit {Ticket.objects.count()}")
        publish(name, record=ticket, by=world.nina, status="CLOSED")
        event = Event.objects.latest("pk")
    deliver(tenant=world.acme.pk, event=event.pk)
    return event


def deliveries(by: Actor) -> list[Delivery]:
    with scope(by):
        return list(Delivery.objects.visible_to(by).order_by("pk"))


@pytest.mark.requirement("A11D-data-transfer")
def test_it_is_told_ids_and_states_and_can_check_who_speaks(world: World, receiver: Receiver) -> None:
    _, secret = create_webhook(by=world.adam, url=f"{receiver.url}/hook?x=1", events=["ticket.*"])
    event = happen(world)
    [delivery] = deliveries(world.adam)
    post(tenant=world.acme.pk, delivery=delivery.pk)
    [(path, headers, body)] = receiver.heard
    assert path == "/hook?x=1"
    assert json.loads(body) == {
        "id": event.pk, "event": "ticket.closed", "kind": "support_ticket", "record": event.record_id,
        "cdmo": world.lyra.pk, "facts": {"status": "CLOSED"}, "by": {"user": world.nina.user, "role": "qa_director"},
        "at": event.at.isoformat(),
    }  # fmt: skip
    assert headers["Host"] == receiver.url.removeprefix("http://")
    assert (headers["X-Oversight-Delivery"], headers["X-Oversight-Event"]) == (str(delivery.pk), "ticket.closed")
    at, mark = (part.split("=")[1] for part in headers["X-Oversight-Signature"].split(","))
    assert abs(int(at) - time.time()) < 10
    assert mark == hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    [delivery] = deliveries(world.adam)
    assert (delivery.state, delivery.status, delivery.tries, delivery.error) == ("DONE", 204, 0, "")
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert len(receiver.heard) == 1, "done is done"


def test_it_hears_only_what_it_asked_for_and_never_of_webhooks(world: World, receiver: Receiver) -> None:
    for events in (["ticket.closed"], ["ticket.*"], ["*"], ["capa.closed", "tick.*"]):
        create_webhook(by=world.adam, url=receiver.url, events=events)
    wanted = {}
    for name in ("ticket.closed", "ticket.opened", "webhook.given_up"):
        event = happen(world, name)
        wanted[name] = [d.webhook_id for d in deliveries(world.adam) if d.event_id == event.pk]
    with scope(world.adam):
        first, second, third, _ = Webhook.objects.order_by("pk").values_list("pk", flat=True)
    assert wanted == {
        "ticket.closed": [first, second, third],
        "ticket.opened": [second, third],
        "webhook.given_up": [],
    }


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 410, 500, 503])
def test_an_answer_that_is_no_thanks_is_a_failure(world: World, receiver: Receiver, status: int) -> None:
    create_webhook(by=world.adam, url=receiver.url, events=["*"])
    happen(world)
    receiver.statuses = [status]
    [delivery] = deliveries(world.adam)
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert [path for path, _, _ in receiver.heard] == ["/"], "no redirect is followed"
    [delivery] = deliveries(world.adam)
    said = "Redirects are not followed." if status < 400 else f"The server answered {status}."
    assert (delivery.state, delivery.status, delivery.tries, delivery.error) == ("WAITING", status, 1, said)


def test_it_is_asked_again_later_and_later_and_then_given_up(world: World, receiver: Receiver) -> None:
    webhook, _ = create_webhook(by=world.adam, url=receiver.url, events=["*"])
    event = happen(world)
    receiver.statuses = [500] * 20
    waits = []
    for _ in range(12):
        [delivery] = deliveries(world.adam)
        before = timezone.now()
        post(tenant=world.acme.pk, delivery=delivery.pk)
        [delivery] = deliveries(world.adam)
        if delivery.state == "WAITING":
            waits.append(round((delivery.due_at - before).total_seconds()))
    assert waits == [10, 60, 300, 900, 1800, 3600, 7200, 14400]
    assert sum(PAUSES, timedelta()) == timedelta(hours=7, minutes=51, seconds=10)
    assert len(receiver.heard) == 9
    assert (delivery.state, delivery.tries, delivery.error) == ("FAILED", 9, "The server answered 500.")
    with scope(world.adam):
        said = Event.objects.get(name="webhook.given_up")
        assert (said.kind, said.record_id) == ("outbox_webhook", webhook.pk)
        assert said.facts == {"delivery": delivery.pk, "event": event.pk}


def test_what_else_waits_for_a_server_that_is_away_waits_too(world: World, receiver: Receiver) -> None:
    create_webhook(by=world.adam, url=receiver.url, events=["*"])
    create_webhook(by=world.adam, url=f"{receiver.url}/other", events=["*"])
    happen(world)
    happen(world)
    receiver.statuses = [503]
    first, other, second, _ = deliveries(world.adam)
    post(tenant=world.acme.pk, delivery=first.pk)
    later = {d.pk: d.due_at - timezone.now() > timedelta(seconds=5) for d in deliveries(world.adam)}
    assert later == {first.pk: True, other.pk: False, second.pk: True, second.pk + 1: False}


def test_a_delivery_in_hand_is_left_alone_until_its_worker_is_taken_for_dead(world: World, receiver: Receiver) -> None:
    create_webhook(by=world.adam, url=receiver.url, events=["*"])
    happen(world)
    [delivery] = deliveries(world.adam)
    with scope(world.adam):
        Delivery.objects.update(claimed_at=timezone.now() - timedelta(seconds=50))
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert receiver.heard == []
    with scope(world.adam):
        Delivery.objects.update(claimed_at=timezone.now() - timedelta(seconds=70))
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert len(receiver.heard) == 1


@pytest.mark.requirement("ASVS-5.2.6")
def test_a_name_that_came_to_point_inside_is_not_called(world: World, receiver: Receiver, settings: Settings) -> None:
    create_webhook(by=world.adam, url=receiver.url.replace("http:", "https:"), events=["*"])
    happen(world)
    settings.WEBHOOKS_ALLOW_INSECURE = False
    [delivery] = deliveries(world.adam)
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert receiver.heard == []
    assert deliveries(world.adam)[0].error.endswith(" is not an address of the public internet.")


@pytest.mark.requirement("ASVS-5.2.6")
def test_the_name_is_looked_up_once(world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers otherwise the second time (rebinding) gets no second time."""
    create_webhook(by=world.adam, url=receiver.url, events=["*"])
    happen(world)
    looked_up, look_up = [], socket.getaddrinfo

    def note(host: str, *arguments: object, **options: object) -> object:
        looked_up.append(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    [delivery] = deliveries(world.adam)
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert len(receiver.heard) == 1
    assert [host for host in looked_up if host == "localhost"] == ["localhost"]


def test_a_server_that_drips_or_is_silent_costs_little(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 1.0)
    create_webhook(by=world.adam, url=receiver.url, events=["*"])
    happen(world)
    receiver.drip = True
    [delivery] = deliveries(world.adam)
    began = time.monotonic()
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert time.monotonic() - began < 3
    [delivery] = deliveries(world.adam)
    assert (delivery.state, delivery.tries, delivery.status) == ("WAITING", 1, None)
    assert delivery.error.startswith("No answer: ")


@pytest.mark.requirement("ASVS-9.2.1")
def test_the_certificate_counts_and_is_asked_for_by_name(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_ALLOW_INSECURE = True
    with receiving(secure=True) as receiver:
        create_webhook(by=world.adam, url=receiver.url, events=["*"])
        happen(world)
        [delivery] = deliveries(world.adam)
        post(tenant=world.acme.pk, delivery=delivery.pk)
        [delivery] = deliveries(world.adam)
        assert (receiver.heard, delivery.error) == ([], "No answer: SSLCertVerificationError")
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        post(tenant=world.acme.pk, delivery=delivery.pk)
        assert deliveries(world.adam)[0].state == "DONE"
        assert receiver.names == ["localhost", "localhost"]
        assert receiver.heard[0][1]["Host"] == receiver.url.removeprefix("https://")


@pytest.mark.requirement("ASVS-9.2.1")
def test_tls_is_not_negotiable(world: World, receiver: Receiver) -> None:
    create_webhook(by=world.adam, url=receiver.url.replace("http:", "https:"), events=["*"])
    happen(world)
    [delivery] = deliveries(world.adam)
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert receiver.heard == []
    assert deliveries(world.adam)[0].error.startswith("No answer: SSL")


def test_only_administrators_keep_webhooks(world: World) -> None:
    for actor in (world.nina, world.omar, world.vera, world.paul, world.connie):
        with pytest.raises(PermissionDenied, match="kept by administrators"):
            create_webhook(by=actor, url="https://example.com/", events=["*"])
    with scope(world.adam):
        assert Webhook.objects.count() == 0


@pytest.mark.parametrize(
    ("url", "events", "field"),
    [
        ("http://example.com/", ["*"], "url"),
        ("https://me:x@example.com/", ["*"], "url"),
        ("https://example.com/" + "x" * 500, ["*"], "url"),
        ("https://example.com/", [], "events"),
        ("https://example.com/", ["Deviation closed"], "events"),
        ("https://example.com/", ["*closed"], "events"),
    ],
)
def test_nonsense_is_refused_by_field(world: World, url: str, events: list[str], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        create_webhook(by=world.adam, url=url, events=events)
    assert list(refusal.value.message_dict) == [field]


def test_the_secret_is_stored_nowhere_and_can_be_changed(world: World, settings: Settings) -> None:
    webhook, secret = create_webhook(by=world.adam, url="https://example.com/", events=["*"])
    _, another = create_webhook(by=world.adam, url="https://example.com/", events=["*"])
    assert len(secret) == 49 and secret != another
    with scope(world.adam):
        kept = [str(value) for row in Webhook.objects.values() for value in row.values()]
        kept += [str(value) for row in Webhook.history.values() for value in row.values()]
    assert secret not in kept
    changed = rotate_secret(webhook.pk, by=world.adam, reason="Seen in a log")
    with scope(world.adam):
        webhook = Webhook.objects.get(pk=webhook.pk)
        assert secrets_of(webhook) == [changed] and changed != secret
        assert Webhook.history.filter(id=webhook.pk).count() == 2
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the instance"
    settings.SECRET_KEY_FALLBACKS = [former]
    assert secrets_of(webhook)[1] == changed, "a new key of the instance breaks no webhook at once"
    assert secrets_of(webhook)[0] != changed


def test_one_that_is_switched_off_hears_nothing_more(world: World, receiver: Receiver) -> None:
    webhook, _ = create_webhook(by=world.adam, url=receiver.url, events=["*"])
    happen(world)
    switch(webhook.pk, by=world.adam, active=False, reason="Moved away")
    happen(world)
    [delivery] = deliveries(world.adam)
    post(tenant=world.acme.pk, delivery=delivery.pk)
    assert receiver.heard == []
    [delivery] = deliveries(world.adam)
    assert (delivery.state, delivery.error) == ("FAILED", "The webhook is switched off.")
    with scope(world.adam):
        assert not Event.objects.filter(name="webhook.given_up").exists(), "somebody meant it"


def test_partners_and_other_sponsors_see_no_webhook(world: World) -> None:
    create_webhook(by=world.adam, url="https://example.com/", events=["*"])
    happen(world)
    for actor in (world.paul, world.olga, world.riva, world.petra):
        with scope(actor):
            assert (Webhook.objects.count(), Delivery.objects.count()) == (0, 0), actor.name
