"""Bring one event to one webhook: again and again for about eight hours, then say that it was given up."""

import json
import logging
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.trail.change import change

from .addresses import Unreachable, resolve
from .models import Delivery, Event
from .publishing import publish
from .sending import send, signature
from .silence import listening_to, silent_for
from .webhooks import secrets_of

# How long to wait after each failed try: together 7 h 51 min.
PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 1800, 3600, 7200, 14_400))
CLAIM = timedelta(seconds=60)  # a worker that has not ended its try by then is taken for dead

logger = logging.getLogger(__name__)


def post(*, tenant: int, delivery: int) -> None:
    """Try to bring delivery `delivery`, unless it is done or another worker is at it.

    The receiver may get an event twice, when a worker dies between the answer and its note: `X-Oversight-Delivery`
    is the same both times.
    """
    actor = Actor(tenant=tenant, name="Oversight")
    if (claimed := _claim(delivery, actor)) is None:
        return
    webhook, event = claimed.webhook, claimed.event
    if webhook.active and (seconds := silent_for(webhook.pk)):
        _leave(claimed, actor, seconds=seconds)
        return
    status, error = None, ""
    if not webhook.active:
        error = "The webhook is switched off."
    else:
        try:
            with listening_to(webhook.pk):
                status = _send(claimed)
        except Unreachable as refusal:
            error = str(refusal)
        except (OperationalError, InterfaceError):
            raise  # the database is away: nobody's failure, the relay rings again
        except Exception as failure:  # whatever it was must be counted, or it is tried for ever
            error = f"No answer: {type(failure).__name__}"
        if status is not None and not 200 <= status < 300:
            error = "Redirects are not followed." if 300 <= status < 400 else f"The server answered {status}."
    if not error:
        with scope(actor):
            _claimed(claimed, actor).update(
                state=Delivery.State.DONE, status=status, answered_at=timezone.now(), error="", claimed_at=None
            )
    elif webhook.active and claimed.tries < len(PAUSES):
        _put_off(claimed, actor, status=status, error=error)
    else:
        _give_up(claimed, actor, status=status, error=error)
        logger.warning("Event %s is given up for webhook %s: %s", event.pk, webhook.pk, error)


def body_of(event: Event) -> bytes:
    """What a webhook is told: ids, states and dates. Who may read more asks the API for the record."""
    told = {
        "id": event.pk,
        "event": event.name,
        "kind": event.kind,
        "record": event.record_id,
        "cdmo": event.cdmo_id,
        "facts": event.facts,
        "by": {"user": event.user_id, "role": event.role},
        "at": event.at.isoformat(),
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _send(delivery: Delivery) -> int:
    target = resolve(delivery.webhook.url)
    body = body_of(delivery.event)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Oversight-Webhook",
        "X-Oversight-Delivery": str(delivery.pk),
        "X-Oversight-Event": delivery.event.name,
        "X-Oversight-Signature": signature(secrets_of(delivery.webhook), at=int(time.time()), body=body),
    }
    return send(target, body=body, headers=headers)


def _claim(pk: int, actor: Actor) -> Delivery | None:
    """Take the delivery in hand; no transaction stays open while the other side is talked to."""
    now = timezone.now()
    with scope(actor):
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
        mine = Delivery.objects.visible_to(actor).filter(free, pk=pk, state=Delivery.State.WAITING)
        if not mine.update(claimed_at=now):
            return None
        return Delivery.objects.visible_to(actor).select_related("webhook", "event").get(pk=pk)


def _claimed(delivery: Delivery, actor: Actor) -> QuerySet[Delivery]:
    return Delivery.objects.visible_to(actor).filter(pk=delivery.pk, claimed_at=delivery.claimed_at)


def _leave(delivery: Delivery, actor: Actor, *, seconds: float) -> None:
    """Its receiver was silent a moment ago: the delivery waits, which is no try of it."""
    with scope(actor):
        due = timezone.now() + timedelta(seconds=seconds)
        _claimed(delivery, actor).update(due_at=due, rings=0, claimed_at=None)


def _put_off(delivery: Delivery, actor: Actor, *, status: int | None, error: str) -> None:
    """Try again later; what else waits for the same webhook waits too, since a server that is away costs a worker."""
    due = timezone.now() + PAUSES[delivery.tries]
    with scope(actor):
        _claimed(delivery, actor).update(
            tries=F("tries") + 1, due_at=due, rings=0, status=status, error=error[:200], claimed_at=None
        )
        Delivery.objects.visible_to(actor).filter(
            webhook=delivery.webhook_id, state=Delivery.State.WAITING, claimed_at=None
        ).exclude(pk=delivery.pk).update(due_at=Greatest("due_at", due))


def _give_up(delivery: Delivery, actor: Actor, *, status: int | None, error: str) -> None:
    with change(by=actor, reason="Given up"):
        gone = _claimed(delivery, actor).update(
            tries=F("tries") + 1, state=Delivery.State.FAILED, status=status, error=error[:200], claimed_at=None
        )
        if gone and delivery.webhook.active:
            publish(
                "webhook.given_up", record=delivery.webhook, by=actor, delivery=delivery.pk, event=delivery.event_id
            )
