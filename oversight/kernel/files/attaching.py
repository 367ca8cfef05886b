"""attach, withdraw, files_of, content_of: everything that happens to the files of a record."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.about import cdmo_of, key_of, model_of
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record
from oversight.kernel.workflow.refusals import NO_REASON_TO_MOVE, NotAllowed, Refused, is_blank

from .contents import recognise, words_of
from .models import Attachment
from .names import tidy
from .receiving import in_words, most
from .store import keep, read

log = logging.getLogger(__name__)

CLEAN = "CLEAN"  # what FILE_SCANNER answers when it found nothing; any other answer refuses
_LABEL = re.compile(r"[a-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took a file back, when and, for whoever may read it, why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SeenFile:
    """One file as the actor sees it."""

    row: Attachment
    withdrawal: Withdrawal | None
    readable: bool

    @property
    def format(self) -> str:
        return words_of(self.row.content_type)

    @property
    def size(self) -> str:
        return in_words(self.row.size)

    @property
    def fingerprint(self) -> str:
        """The beginning of the hash: enough to compare two print-outs by eye."""
        return self.row.sha256[:12]


def attach(
    record: Record,
    *,
    upload: UploadedFile,
    by: Actor,
    shared: bool,
    label: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> Attachment:
    """Put a file on record, once its size, content and name are found right; what a partner attaches is shared.

    Whoever calls has asked whether the actor sees the record and its role may attach.
    """
    demand_within(record, by)
    if not _LABEL.fullmatch(label):
        raise ValidationError({"label": "A label has small letters, digits and underscores, 40 at most."})
    name = tidy(upload.name or "")
    content = _content(name, upload)
    found = recognise(name, content)
    present = _rows(record, by).filter(status=Attachment.Status.ACTIVE)
    if present.count() >= settings.FILES_PER_RECORD:
        raise ValidationError({"file": f"A record takes {settings.FILES_PER_RECORD} files at most."})
    scan = Attachment.Scan.CLEAN if settings.FILE_SCANNER else Attachment.Scan.NOT_SCANNED
    # The bytes are on the disk before the row is: a row never names what might still be lost.
    digest = keep(record.tenant_id, content, judge=lambda path: demand_clean(name, path))
    shared = by.is_partner or (shared and cdmo_of(record) is not None)
    if present.filter(sha256=digest, name=name, label=label, shared=shared).exists():
        raise ValidationError({"file": f"“{name}” is attached already, with the same content."})
    with change(by=by, reason=reason):
        attachment = Attachment.on(
            record,
            name=name,
            size=len(content),
            sha256=digest,
            content_type=found.content_type,
            label=label,
            shared=shared,
            scan=scan,
            author_membership=by.membership,
            author_name=by.name,
            author_org=by.org,
            from_partner=by.is_partner,
            attached_at=at or timezone.now(),
        )
        attachment.save()
        publish("file.attached", record=record, by=by, file=attachment.pk, shared=shared)
    return attachment


def withdraw(attachment: Attachment, *, by: Actor, reason: str) -> Attachment:
    """Take a file back for a reason: it stays on record, and the partner can no longer open it.

    A partner withdraws its own side's files; the sponsor any, since a partner may send by mistake what is not for it.
    """
    row = cast(Attachment, Attachment.objects.visible_to(by).select_for_update().get(pk=attachment.pk))
    if not may_withdraw(row, by):
        raise NotAllowed("withdraw a file of the other side")
    if not row.active:
        raise Refused(f"“{row.name}” was withdrawn already.")
    if is_blank(reason := reason.replace("\0", "")):
        raise ValidationError({"reason": NO_REASON_TO_MOVE})
    row.status = Attachment.Status.VOID
    with change(by=by, reason=reason):
        row.save()
        publish("file.withdrawn", record=_record_of(row, by), by=by, file=row.pk, shared=row.shared)
    return row


def may_withdraw(attachment: Attachment, actor: Actor) -> bool:
    """Whether the actor's side may take this file back."""
    return attachment.from_partner or not actor.is_partner


def files_of(record: Record, actor: Actor) -> tuple[SeenFile, ...]:
    """The files of `record` that the actor sees, oldest first; withdrawn ones say so."""
    rows = list(_rows(record, actor).order_by("id"))
    gone = _withdrawals([row.pk for row in rows if not row.active], actor)
    return tuple(SeenFile(row, gone.get(row.pk), row.active or not actor.is_partner) for row in rows)


def content_of(record: Record, actor: Actor, pk: int) -> tuple[Attachment, bytes]:
    """One file of this very record with its bytes; raises DoesNotExist for one that the actor may not open."""
    rows = _rows(record, actor)
    if actor.is_partner:
        rows = rows.filter(status=Attachment.Status.ACTIVE)
    row = rows.get(pk=pk)
    return row, read(row.tenant_id, row.sha256)


def file_of(record: Record, actor: Actor, pk: int) -> Attachment:
    """One file of this very record; raises DoesNotExist when there is none in sight."""
    return _rows(record, actor).get(pk=pk)


def demand_within(record: Record, by: Actor) -> None:
    """Who sees some CDMOs only can add nothing to a record that belongs to none of them."""
    if by.cdmos is not None and cdmo_of(record) not in by.cdmos:
        raise Refused("This record belongs to no CDMO of yours, so you can add nothing to it. Ask the sponsor's QA.")


def _rows(record: Record, actor: Actor) -> "QuerySet[Attachment]":
    return cast("QuerySet[Attachment]", Attachment.objects.visible_to(actor).filter(**key_of(record)))


def _record_of(row: Attachment, by: Actor) -> Record:
    return cast(Record, model_of(row.kind).objects.visible_to(by).get(pk=row.record_id))


def _content(name: str, upload: UploadedFile) -> bytes:
    """All of it, but never more than one byte over the limit."""
    limit = settings.FILES_MAX_BYTES
    size = upload.size or 0
    content = upload.read(limit + 1) if size <= limit else b""
    if size > limit or len(content) > limit:
        raise ValidationError({"file": f"“{name}” has {in_words(size)}; {most()} is the most that a file may have."})
    if not content:
        raise ValidationError({"file": f"“{name}” is empty."})
    return cast(bytes, content)


def demand_clean(name: str, path: Path) -> None:
    """Ask FILE_SCANNER; where it gives no answer, the file is not taken."""
    if not settings.FILE_SCANNER:
        return
    try:
        verdict = import_string(settings.FILE_SCANNER)(path)
    except Exception:
        log.exception("The scanner of files gave no answer.")
        raise ValidationError({"file": f"“{name}” could not be scanned now. Try again later."}) from None
    if verdict != CLEAN:
        log.warning("The scanner refused a file: %s", verdict)
        raise ValidationError({"file": f"The scanner found “{name}” harmful. It was not kept."})


def _withdrawals(keys: list[int], actor: Actor) -> dict[int, Withdrawal]:
    """From the history; a partner reads the sponsor's organisation only, and no reason of the sponsor's."""
    if not keys:
        return {}
    versions = Attachment.history.visible_to(actor).filter(id__in=keys, status=Attachment.Status.VOID)
    told: dict[int, Withdrawal] = {}
    for version in versions.order_by("history_id"):
        theirs = actor.is_partner and version.history_org != actor.org
        who = version.history_org if theirs else version.history_user_name
        told.setdefault(
            version.id, Withdrawal(who, version.history_date, "" if theirs else version.history_change_reason)
        )
    return told
