"""Send one letter that is owed: never by two workers at once, later again after a failure, given up after a day."""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from oversight.kernel.access.entrance import enter
from oversight.kernel.access.models import Sponsor, User
from oversight.kernel.access.scope import Actor, forgetful_transaction, scope
from oversight.kernel.outbox.silence import listening_to, silent_for

from .letters import compose
from .models import Letter, Notice
from .reading import items

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 480))
CLAIM = timedelta(minutes=5)  # after which a worker that took the letter is taken for dead
KEPT = timedelta(days=365)
SERVER = "mail"

logger = logging.getLogger(__name__)


def post(*, tenant: int, letter: int) -> None:
    """Send the letter, unless that is done or another worker is at it."""
    system = Actor(tenant=tenant, name="Oversight")
    if seconds := silent_for(SERVER):
        _leave(letter, system, seconds=seconds)
        return
    claimed = _claim(letter, system)
    if claimed is None:
        return
    try:
        message, notices = _compose(claimed)
        if message is not None:
            with listening_to(SERVER):
                message.send()
    except (OperationalError, InterfaceError):
        raise  # the database is away: nobody's failure, the relay rings again
    except Exception as failure:  # whatever it was must be counted, or it is tried for ever
        _put_off(claimed, system, error=type(failure).__name__)
    else:
        _settle(claimed, system, notices=notices, sent_at=timezone.now() if message is not None else None)


def _claim(pk: int, system: Actor) -> Letter | None:
    """Take the letter in hand; no transaction stays open while the mail server is talked to."""
    now = timezone.now()
    with scope(system):
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
        rows = Letter.objects.visible_to(system).filter(free, pk=pk, state=Letter.State.WAITING)
        found: Letter | None = rows.select_for_update(skip_locked=True).first()
        if found is None or not rows.update(claimed_at=now):
            return None
        found.claimed_at = now
        return found


def _compose(letter: Letter) -> tuple[EmailMultiAlternatives | None, list[int]]:
    """The letter with what its reader may see now and has not read yet; None when nothing of it is left."""
    with scope(Actor(tenant=letter.tenant_id, name="Oversight")):
        slug = Sponsor.objects.values_list("slug", flat=True).get(pk=letter.tenant_id)
    with forgetful_transaction():
        side = "portal" if letter.of_partner else "workspace"
        actor = enter(letter.user_id, slug, side, chosen=letter.membership_id, request="", on_behalf=True)
        if not isinstance(actor, Actor) or actor.membership != letter.membership_id:
            return None, []  # no member any more
        rows = Notice.objects.visible_to(actor).filter(membership_id=actor.membership, letter=letter, read_at=None)
        found = items(actor, rows.order_by("-group", "at", "id"))
        if not found:
            return None, []
        email = User.objects.values_list("email", flat=True).get(pk=letter.user_id)
        message = compose(letter, found, actor, email=email, now=timezone.now())
        return message, [item.notice.pk for item in found]


def _mine(letter: Letter, system: Actor) -> "QuerySet[Letter]":
    return Letter.objects.visible_to(system).filter(pk=letter.pk, claimed_at=letter.claimed_at)


def _settle(letter: Letter, system: Actor, *, notices: list[int], sent_at: datetime | None = None) -> None:
    with scope(system):
        _mine(letter, system).update(state=Letter.State.DONE, sent_at=sent_at, error="", claimed_at=None)
        Notice.objects.visible_to(system).filter(pk__in=notices).update(mailed_at=sent_at)
        old = {"membership_id": letter.membership_id}
        Notice.objects.visible_to(system).filter(**old, at__lt=timezone.now() - KEPT).delete()
        Letter.objects.visible_to(system).filter(
            **old, state=Letter.State.DONE, due_at__lt=timezone.now() - KEPT
        ).delete()


def _leave(pk: int, system: Actor, *, seconds: float) -> None:
    """The mail server was silent a moment ago: the letter waits, which is no try of it."""
    with scope(system):
        waiting = Letter.objects.visible_to(system).filter(pk=pk, state=Letter.State.WAITING, claimed_at=None)
        waiting.update(due_at=timezone.now() + timedelta(seconds=seconds), rings=0)


def _put_off(letter: Letter, system: Actor, *, error: str) -> None:
    if letter.tries < len(PAUSES):
        due = timezone.now() + PAUSES[letter.tries]
        with scope(system):
            _mine(letter, system).update(tries=F("tries") + 1, due_at=due, rings=0, error=error, claimed_at=None)
        return
    with scope(system):
        _mine(letter, system).update(tries=F("tries") + 1, state=Letter.State.FAILED, error=error, claimed_at=None)
    logger.error("Letter %s is given up after %s tries: %s", letter.pk, letter.tries + 1, error)
