"""Hand an event to its subscribers: each has its effect on the database exactly once, however often this is called."""

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope

from .models import Effect, Event
from .subscribers import Subscriber, subscribers_of

TRIES = 10  # the last about seventeen minutes after the first

logger = logging.getLogger(__name__)


def deliver(*, tenant: int, event: int) -> None:
    """Let every subscriber who has not done so yet handle the event, then settle it.

    A handler that fails keeps no other from its turn; the event comes again for those that failed, and is given up
    after ten tries. A database that went away is nobody's failure: that error is the caller's, the relay rings again.
    """
    actor = Actor(tenant=tenant, name="Oversight")
    with scope(actor):
        found = Event.objects.visible_to(actor).filter(pk=event, state=Event.State.WAITING).first()
    if found is None:
        return
    actor = replace(actor, request=found.request)
    failures = []
    for subscriber in subscribers_of(found.name):
        try:
            if not _handle(found, subscriber, actor):
                return  # another worker is at it, and settles it
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("%s could not handle event %s (%s)", subscriber.name, event, found.name)
            failures.append(f"{subscriber.name}: {type(error).__name__}")
    _settle(found, failures, actor)


def _handle(event: Event, subscriber: Subscriber, actor: Actor) -> bool:
    """One transaction: the effect and the row that says so. False when somebody else has the event in hand."""
    with scope(actor), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('outbox event ' || %s, 0))", [event.pk])
        if not cursor.fetchone()[0]:
            return False
        if not Effect.objects.visible_to(actor).filter(event=event, subscriber=subscriber.name).exists():
            Effect.objects.create(event=event, subscriber=subscriber.name)
            subscriber.handle(event, actor)
        return True


def _settle(event: Event, failures: list[str], actor: Actor) -> None:
    with scope(actor):
        waiting = Event.objects.visible_to(actor).filter(pk=event.pk, state=Event.State.WAITING)
        if not failures:
            waiting.update(state=Event.State.DONE)
            return
        tries, said = event.tries + 1, "; ".join(failures)[:200]
        if tries < TRIES:
            due = timezone.now() + timedelta(seconds=2**tries)
            waiting.update(tries=F("tries") + 1, error=said, due_at=due, rings=0)
            return
        waiting.update(tries=F("tries") + 1, error=said, state=Event.State.FAILED)
    logger.error("Event %s (%s) is given up after %s tries: %s", event.pk, event.name, tries, said)
