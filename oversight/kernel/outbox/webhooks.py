"""Webhooks: who made them, by which secret they are signed, and which events go to them."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change

from .addresses import Unreachable, parse

if TYPE_CHECKING:
    from .models import Event, Webhook

CAPABILITY = "webhook.manage"
OWN = "webhook."  # what befalls webhooks is not told by them: one that is away would be told so for ever

_WANTED = re.compile(r"\*|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(\.\*)?")


def create_webhook(*, by: Actor, url: str, events: list[str]) -> tuple["Webhook", str]:
    """Have `url` told of `events`; answers the webhook and its secret, which is shown this once."""
    from .models import Webhook

    _require(by)
    _check(url, events)
    with change(by=by):
        webhook = Webhook.objects.create(url=url, events=" ".join(events), salt=secrets.token_hex(16))
    return webhook, secret_of(webhook)


def rotate_secret(webhook: int, *, by: Actor, reason: str) -> str:
    """Sign with another secret from now on; answers it, this once."""
    from .models import Webhook

    _require(by)
    with change(by=by, reason=reason):
        found = Webhook.objects.visible_to(by).select_for_update().get(pk=webhook)
        found.salt = secrets.token_hex(16)
        found.save()
    return secret_of(found)


def switch(webhook: int, *, by: Actor, active: bool, reason: str) -> None:
    """Stop telling a webhook, or begin again with what happens from now on."""
    from .models import Webhook

    _require(by)
    with change(by=by, reason=reason):
        found = Webhook.objects.visible_to(by).select_for_update().get(pk=webhook)
        found.active = active
        found.save()


def retry_given_up(webhook: int, *, by: Actor) -> int:
    """Try again what was given up, from now on as often as at first; answers how many deliveries that are."""
    from .models import Delivery

    _require(by)
    given_up = Delivery.objects.visible_to(by).filter(webhook_id=webhook, state=Delivery.State.FAILED)
    return given_up.update(state=Delivery.State.WAITING, tries=0, rings=0, error="", due_at=timezone.now())


def secret_of(webhook: "Webhook", key: str = "") -> str:
    """The secret by which deliveries to `webhook` are signed: it is nowhere stored."""
    seed = f"webhook {webhook.tenant_id} {webhook.pk} {webhook.salt}".encode()
    derived = hmac.new((key or settings.SECRET_KEY).encode(), seed, hashlib.sha256).digest()
    return "whsec_" + base64.urlsafe_b64encode(derived).decode().rstrip("=")


def secrets_of(webhook: "Webhook") -> list[str]:
    """The secret, and those by the former keys of the instance: a change of its key breaks no webhook."""
    return [secret_of(webhook, str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def queue(event: "Event", actor: Actor) -> None:
    """Owe the event to every webhook that asked for its like; the subscriber `webhooks`."""
    from .models import Delivery, Webhook

    if event.name.startswith(OWN):
        return
    for webhook in Webhook.objects.visible_to(actor).filter(active=True):
        if webhook.wants(event.name):
            Delivery.objects.create(webhook=webhook, event=event)


def _require(by: Actor) -> None:
    if not by.can(CAPABILITY):
        raise PermissionDenied("Webhooks are kept by administrators.")


def _check(url: str, events: list[str]) -> None:
    try:
        parse(url)
    except Unreachable as refusal:
        raise ValidationError({"url": str(refusal)}) from None
    if not events or not all(_WANTED.fullmatch(each) for each in events) or len(" ".join(events)) > 500:
        raise ValidationError({"events": "Name the events, such as deviation.closed or deviation.*, or * for all."})
    if len(url) > 500:
        raise ValidationError({"url": "The address has more than 500 characters."})
