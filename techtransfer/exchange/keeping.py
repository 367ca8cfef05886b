"""The bytes of plan files: kept while a file waits and once it is taken in, gone when it is refused or expired."""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.files.letting_go import hold, let_go
from oversight.kernel.workflow.refusals import Refused
from techtransfer.models import PlanImport

DONE = "This file was imported already."
BUSY = "The same file is being brought or thrown away at this moment. Try again."
State = PlanImport.State
MOST_AT_ONCE = 500  # files of one round; the next takes the others


def needed(digests: Collection[str], by: Actor) -> set[str]:
    """Which of these contents a file has that waits, or that was taken in and is evidence.

    One that has waited too long counts until it is marked as expired: somebody may be taking it in at this moment.
    """
    rows = PlanImport.objects.visible_to(by).filter(sha256__in=digests, state__in=(State.STAGED, State.COMMITTED))
    return set(rows.order_by().values_list("sha256", flat=True).distinct())


def let_go_at_the_end(refused: PlanImport) -> None:
    """The bytes of a file that is refused go as soon as that is written; what fails here is done when it expires."""
    gone = partial(_let_go, refused.tenant_id, refused.sha256)
    transaction.on_commit(gone, robust=True)


def expire(*, by: Actor) -> int:
    """Let nobody take in what has waited for a day; its bytes go, the row stays and says who brought it.

    A file that is being taken in, and a content that is being brought again, are left to the next round.
    """
    over = PlanImport.objects.visible_to(by).filter(
        state__in=(State.STAGED, State.REFUSED), expires_at__lt=timezone.now()
    )
    rows = dict(over.select_for_update(skip_locked=True).order_by("pk").values_list("pk", "sha256")[:MOST_AT_ONCE])
    held = hold(rows.values(), by=by)
    ends = [pk for pk, digest in rows.items() if digest in held]
    PlanImport.objects.visible_to(by).filter(pk__in=ends).update(state=State.EXPIRED, report={})
    let_go(held, by=by)
    return len(ends)


def throw_away(staged: PlanImport, *, by: Actor) -> PlanImport:
    """End a file that waits, or that has errors, before its day is over; raises Refused for one that was taken in."""
    row = PlanImport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=staged.pk)
    if row.state == State.COMMITTED:
        raise Refused(DONE)
    if row.state != State.EXPIRED:
        if not (held := hold([row.sha256], by=by)):
            raise Refused(BUSY)
        row.state, row.report = State.EXPIRED, {}
        row.save(update_fields=["state", "report"])
        let_go(held, by=by)  # if this is rolled back, the file waits without its bytes, and is brought again
    return row


def _let_go(tenant: int, digest: str) -> None:
    with scope(Actor(tenant=tenant, name="Oversight", source="task")) as system:
        let_go(hold([digest], by=system), by=system)
