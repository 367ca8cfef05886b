"""Exports: a file of the view that a member asked for, made by a job with the member's own eyes."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone

from oversight.kernel.access.entrance import enter
from oversight.kernel.access.models import Sponsor
from oversight.kernel.access.scope import Actor, forgetful_transaction, sight
from oversight.kernel.outbox import Subscriber, publish
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import Refused

from .export_rows import Sheet, sheet_of
from .kind import RecordKind
from .models import Export, own_of
from .tables import write_table

REQUESTED = "export.requested"
MOST_ROWS = 100_000
MOST_WAITING = 5
GONE = "Your access to this sponsor has ended or changed, so the file was not made."
NOT_ALLOWED = "Your role may not read this list any more, so the file was not made."
BROKEN = "Something went wrong on our side. Ask for the file again; if it fails again, tell your administrator."
NOTHING_OPEN = "Nothing is open to you yet, so there is nothing to export."
ENOUGH = f"{MOST_WAITING} of your files are still being made. Wait for one of them."

log = logging.getLogger(__name__)
_kinds: dict[str, RecordKind] = {}


def offer(kinds: Iterable[RecordKind]) -> None:
    """Say which lists there are to export: the catalogue does, where every process reads it."""
    _kinds.update((kind.slug, kind) for kind in kinds)


def ask_for(slug: str, *, by: Actor, query: str, excel: bool) -> Export:
    """Note that `by` wants a file of this view; the outbox sees to it that it is made, also if the broker is down."""
    if by.grants == ():
        raise Refused(NOTHING_OPEN)
    if exports_of(by).filter(status__in=(Export.Status.QUEUED, Export.Status.RUNNING)).count() >= MOST_WAITING:
        raise Refused(ENOUGH)
    with change(by=by, reason="Asked for an export"):
        export = Export.objects.create(
            tenant_id=by.tenant,
            **own_of(by),
            user_id=by.user,
            door="portal" if by.is_partner else "workspace",
            sight=sight(by),
            kind=slug,
            query=query,
            format=Export.Format.XLSX if excel else Export.Format.CSV,
        )
        publish(REQUESTED, record=export, by=by)
    return export


def exports_of(actor: Actor) -> "QuerySet[Export]":
    """The files that the actor asked for, newest first."""
    return Export.objects.visible_to(actor).filter(membership_id=actor.membership).order_by("-pk")


def content_of(export: Export) -> bytes | None:
    """The bytes of a finished file; None when they are thrown away, gone or altered."""
    try:
        content = _place(export).read_bytes()
    except FileNotFoundError:
        return None
    return None if export.over or sha256(content).hexdigest() != export.sha256 else content


class Gone(Exception):
    """Who asked is no member any more, or sees other CDMOs than then."""


def make(event: Any, system: Actor) -> None:
    """Make the file that the event asks for. Whoever asked reads; the system only notes how it went."""
    export = Export.objects.visible_to(system).filter(pk=event.record_id).first()
    if export is None or export.status in (Export.Status.DONE, Export.Status.FAILED):
        return
    _throw_away(system)
    _note_running(export)
    try:
        with _as_asker(export, event.request) as actor:
            _write(export, sheet_of(_kinds, actor, export.kind, export.query))
    except (OperationalError, InterfaceError):
        raise  # the database went away: the outbox comes again
    except PermissionDenied:
        _fail(export, NOT_ALLOWED)
    except Gone:
        _fail(export, GONE)
    except Exception:
        log.exception("Export %s could not be made", export.pk)
        _fail(export, BROKEN)
    export.done_at = timezone.now()
    export.save()


MAKER = Subscriber(name="exports", events=frozenset({REQUESTED}), handle=make)


@contextmanager
def _as_asker(export: Export, request: str) -> Iterator[Actor]:
    """Within, the database knows the member who asked, as the member is today; raises Gone when it is none."""
    sponsor = Sponsor.objects.get(pk=export.tenant_id)
    with forgetful_transaction():
        actor = enter(
            export.user_id, sponsor.slug, export.door, chosen=export.membership_id, request=request, on_behalf=True
        )
        if not isinstance(actor, Actor) or (actor.membership, sight(actor)) != (export.membership_id, export.sight):
            raise Gone
        yield actor


def _write(export: Export, sheet: Sheet) -> None:
    """Write the file under another name first: one that stands is whole."""
    place = _place(export)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arriving = place.with_suffix(".arriving")
    rows = _counted(export, sheet.rows)
    try:
        write_table(arriving, excel=export.format == Export.Format.XLSX, about=sheet.about, head=sheet.head, rows=rows)
        arriving.chmod(0o600)
        with arriving.open("rb") as file:
            os.fsync(file.fileno())
        content = arriving.read_bytes()
        arriving.replace(place)
    finally:
        arriving.unlink(missing_ok=True)
    export.sha256, export.size, export.status = sha256(content).hexdigest(), len(content), Export.Status.DONE


def _counted(export: Export, rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    rest = iter(rows)
    for row in islice(rest, MOST_ROWS):
        export.rows += 1
        yield row
    export.cut = next(rest, None) is not None


def _fail(export: Export, problem: str) -> None:
    export.status, export.problem, export.rows = Export.Status.FAILED, problem, 0


def _note_running(export: Export) -> None:
    """On a second connection, since the job's own transaction is seen by nobody until it ends."""
    with closing(connection.copy()) as second, second.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.tenant', %s, false), set_config('app.cdmo', '*', false)", [str(export.tenant_id)]
        )
        cursor.execute(
            "UPDATE records_export SET status = %s WHERE tenant_id = %s AND id = %s",
            [Export.Status.RUNNING, export.tenant_id, export.pk],
        )


def _throw_away(system: Actor) -> None:
    """Delete the files of this sponsor that are past their days; their rows stay."""
    for old in Export.objects.visible_to(system).filter(expires_at__lt=timezone.now(), size__gt=0):
        _place(old).unlink(missing_ok=True)
        old.size = 0
        old.save()


def _place(export: Export) -> Path:
    """Beside the attached files, in a folder of their own: these come and go."""
    root = Path(settings.FILES_ROOT).with_name("exports")
    return root / str(export.tenant_id) / f"{export.pk}.{export.format.lower()}"
