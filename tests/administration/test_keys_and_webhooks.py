"""Keys speak for programs, webhooks tell addresses: each secret is shown once, each change says why."""

import re
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import scope
from oversight.kernel.api.keys import make_key
from oversight.kernel.api.models import ApiKey
from oversight.kernel.outbox import posting, webhooks
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Delivery, Event, Webhook
from tests.api.calling import Caller, key_of
from tests.cast import World, sign_in, system

pytestmark = pytest.mark.django_db

SETTINGS = "/acme/settings/"
HOOK = {"url": "https://example.com/oversight", "events": "deviation.closed  membership.*"}


@pytest.fixture
def adam(world: World, client: Client) -> Client:
    sign_in(client, world.adam)
    return client


@pytest.fixture
def lims(world: World, adam: Client) -> Membership:
    """A program of Acme's."""
    said = {"name": "LIMS Basel", "valid_from": "2026-02-01", "reason": "Results by night"}
    assert adam.post(f"{SETTINGS}people/add-program/", said).status_code == 302
    with scope(system(world.acme)):
        return Membership.objects.get(tenant=world.acme, role="api_client")


def make(adam: Client, lims: Membership, **changes: object):
    said = {"membership": lims.pk, "name": "Nightly results", "writes": "yes", "days": 90, "reason": "Go-live in May"}
    return adam.post(f"{SETTINGS}keys/add/", said | changes)


def secret_in(response) -> str:
    return re.search(r'id="secret" value="([^"]+)"', response.content.decode())[1]


@pytest.mark.requirement("P11-300c")
def test_a_key_is_made_shown_once_and_opens_the_api_until_it_is_revoked(world, adam, lims):
    response = make(adam, lims)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    secret = secret_in(response)
    assert re.fullmatch(r"ovs_[a-z2-7]{32}", secret)
    page = adam.get(f"{SETTINGS}keys/").content.decode()
    assert secret not in page
    assert [word for word in (secret[:10], "LIMS Basel", "Not known") if word not in page] == []
    caller = Caller(world.adam, key=secret)
    assert caller.get("cdmos/").status_code == 200
    with scope(world.adam):
        key = ApiKey.objects.visible_to(world.adam).get()
    left = key.expires_at - datetime.now(UTC)
    assert (key.writes, key.membership_id, round(left.total_seconds() / 86_400)) == (True, lims.pk, 90)
    url = f"{SETTINGS}keys/{key.pk}/revoke/"
    assert "The next call with this key is refused." in adam.get(url).content.decode()
    assert adam.post(url, {"reason": " "}).status_code == 422
    assert adam.post(url, {"reason": "Found in a mail"}).status_code == 302
    assert caller.get("cdmos/").status_code == 401
    with scope(world.adam):
        told = [(row.history_user_name, row.history_change_reason) for row in key.history.order_by("history_id")]
    assert told == [("Adam Novak", "Go-live in May"), ("Adam Novak", "Found in a mail")]
    assert "Revoked" in adam.get(f"{SETTINGS}keys/").content.decode()


@pytest.mark.requirement("PI041-shared")
def test_no_key_is_made_in_a_persons_name(world, adam, lims):
    response = make(adam, lims, membership=world.nina.membership)
    assert response.status_code == 422 and "Program: Choose one from the list." in response.content.decode()
    with scope(world.adam), pytest.raises(ValidationError, match="A key speaks for a program"):
        make_key(world.nina.membership, by=world.adam, name="Mine", writes=True, days=9, reason="To sign as Nina")
    with scope(world.adam):
        assert not ApiKey.objects.visible_to(world.adam).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days": "0"}, "Lasts, in days: Enter a number between 1 and 730."),
        ({"days": "x"}, "Lasts, in days: Enter a number between 1 and 730."),
        ({"name": ""}, "What it is for: Fill this in."),
        ({"reason": ""}, "Why?: Say why. The reason is kept in the history."),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(adam, lims, changes, sentence):
    response = make(adam, lims, **changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_without_a_program_the_page_says_what_comes_first(world, adam):
    page = adam.get(f"{SETTINGS}keys/add/").content.decode()
    assert "Add the program first" in page and f'href="{SETTINGS}people/add-program/"' in page


def test_a_program_whose_membership_ended_keeps_no_key_alive(world, adam, lims):
    caller = Caller(world.adam, key=secret_in(make(adam, lims)))
    said = {"version": lims.version, "reason": "Replaced"}
    assert adam.post(f"{SETTINGS}people/{lims.pk}/end/", said).status_code == 302
    assert caller.get("cdmos/").status_code == 401
    assert "Its membership ended" in adam.get(f"{SETTINGS}keys/").content.decode()


def test_keys_made_elsewhere_stand_in_the_list(world, adam):
    key_of(world.nina)
    page = adam.get(f"{SETTINGS}keys/").content.decode()
    assert "Nina Berg" in page and "1 key<" in page


def hook_of(world: World) -> Webhook:
    with scope(world.adam):
        return Webhook.objects.visible_to(world.adam).get()


def test_a_webhook_is_added_and_its_secret_shown_once(world, adam):
    response = adam.post(f"{SETTINGS}webhooks/add/", HOOK)
    hook = hook_of(world)
    assert (hook.url, hook.events, hook.active) == (HOOK["url"], "deviation.closed membership.*", True)
    assert secret_in(response) == webhooks.secret_of(hook)
    for page in ("webhooks/", f"webhooks/{hook.pk}/"):
        page = adam.get(f"{SETTINGS}{page}").content.decode()
        assert HOOK["url"] in page and webhooks.secret_of(hook) not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": "http://example.com/"}, "Address: Webhooks are called over https only."),
        ({"url": ""}, "Address: Fill this in."),
        ({"events": "Deviation Closed!"}, "Events: Name the events, such as deviation.closed or deviation.*"),
    ],
)
def test_a_webhook_that_makes_no_sense_is_refused(world, adam, changes, sentence):
    response = adam.post(f"{SETTINGS}webhooks/add/", HOOK | changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    with scope(world.adam):
        assert not Webhook.objects.visible_to(world.adam).exists()


def test_the_secret_is_replaced_and_the_webhook_switched(world, adam):
    adam.post(f"{SETTINGS}webhooks/add/", HOOK)
    hook = hook_of(world)
    before, url = webhooks.secret_of(hook), f"{SETTINGS}webhooks/{hook.pk}/"
    assert adam.post(f"{url}secret/", {"reason": ""}).status_code == 422
    shown = secret_in(adam.post(f"{url}secret/", {"reason": "Somebody left"}))
    assert shown == webhooks.secret_of(hook_of(world)) != before
    assert "Switch off" in adam.get(f"{url}switch/").content.decode()
    assert adam.post(f"{url}switch/", {"active": "no", "reason": "Their server moves"}).status_code == 302
    assert hook_of(world).active is False
    assert adam.post(f"{url}switch/", {"active": "yes", "reason": "It has moved"}).status_code == 302
    with scope(world.adam):
        told = [(row.active, row.history_change_reason) for row in hook.history.order_by("history_id")]
    assert told == [(True, ""), (True, "Somebody left"), (False, "Their server moves"), (True, "It has moved")]
    page = adam.get(url).content.decode()
    assert "Somebody left" in page and "Their server moves" in page


def test_what_was_given_up_is_tried_again(world, adam):
    adam.post(f"{SETTINGS}webhooks/add/", HOOK)
    hook = hook_of(world)
    said = {"name": "MES", "valid_from": "2026-02-01", "reason": "Batches"}
    ada = {"email": "ada@example.com", "name": "Ada Holm", "role": "viewer", "sight": "EVERY"}
    adam.post(f"{SETTINGS}people/add/", said | ada)
    with scope(system(world.acme)):
        event = Event.objects.get(name="membership.joined")
    deliver(tenant=world.acme.pk, event=event.pk)
    with scope(world.adam):
        delivery = Delivery.objects.visible_to(world.adam).get()
        Delivery.objects.filter(pk=delivery.pk).update(tries=len(posting.PAUSES))
    with patch.object(posting, "_send", side_effect=TimeoutError):
        posting.post(tenant=world.acme.pk, delivery=delivery.pk)
    page = adam.get(f"{SETTINGS}webhooks/{hook.pk}/").content.decode()
    assert "Given up" in page and "No answer: TimeoutError" in page and "membership.joined" in page
    assert "1 given up" in adam.get(f"{SETTINGS}webhooks/").content.decode()
    assert adam.post(f"{SETTINGS}webhooks/{hook.pk}/retry/").status_code == 302
    page = adam.get(f"{SETTINGS}webhooks/{hook.pk}/").content.decode()
    assert "1 delivery is tried again." in page and "Given up" not in page
    with patch.object(posting, "_send", return_value=204):
        posting.post(tenant=world.acme.pk, delivery=delivery.pk)
    with scope(world.adam):
        delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.tries) == ("DONE", 204, 0)
