"""stage, look, commit: a plan file from its upload to its end. How its bytes are kept: keeping.py."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.files.attaching import demand_clean
from oversight.kernel.files.names import tidy
from oversight.kernel.files.store import Altered, keep, read
from oversight.kernel.records.models import own_of
from oversight.kernel.workflow.refusals import NO_REASON, NotAllowed, Refused, is_blank
from techtransfer.models import PlanImport, Programme
from techtransfer.records import CLOSURE, DEPENDENCY, MILESTONE
from techtransfer.services.plan import CLOSED, locked

from .committing import take_turns, write
from .comparing import Comparison, compare
from .content import kind_of
from .keeping import DONE, let_go_at_the_end
from .reading import read_plan_file
from .report import digest_of, report_of
from .standing import read_standing
from .values import MOST_BYTES, FileRefused, PlanFile

State = PlanImport.State
MOST_WAITING = 50  # files of one member
NARROWED = "You see the steps of some CDMOs only. A plan is imported by somebody who sees every step of it."
TOO_LARGE = "The file has more than 20 MB, which is the most that a plan may have."
GONE = "The file is not there any more. Upload it again."
MOVED_ON = "The plan was changed since you looked, so nothing was imported. Look at what the file would change now."
ERRORS = "The file has errors. Mend them and upload it again: nothing was imported."
EXPIRED = "The file was thrown away, or waited for more than a day. Upload it again."
NOTHING = "The file says nothing that differs from the plan, so there is nothing to import."
LONGEST_REASON = 900


def may_import(actor: Actor) -> bool:
    """Whoever puts steps and links on file and amends them, and has happened what a file says has."""
    kinds = (MILESTONE, DEPENDENCY)
    may = all(kind.may_write(actor, verb) for kind in kinds for verb in ("create", "amend"))
    return may and CLOSURE.may_write(actor, "create") and actor.can(f"{MILESTONE.capability}.work")


def demand_importer(actor: Actor, programme: Programme) -> None:
    """Raise NotAllowed or Refused unless the actor may import into this programme now."""
    if not may_import(actor):
        raise NotAllowed(f"{MILESTONE.capability}.create")
    if actor.cdmos is not None:
        raise Refused(NARROWED)
    if programme.status != Programme.Status.ACTIVE:
        raise Refused(CLOSED if programme.status == Programme.Status.CLOSED else "This programme is void.")


def imports_of(programme: Programme, actor: Actor, *, own: bool = False) -> "QuerySet[PlanImport]":
    """The files for this programme that the actor brought and, unless `own`, those that are taken in, newest first.

    What is taken in is evidence: whoever sees the whole plan reads it, and nobody else.
    """
    whose = Q(membership_id=actor.membership)
    rows = PlanImport.objects.visible_to(actor).filter(whose if own else whose | Q(state=State.COMMITTED))
    return rows.filter(programme=programme).order_by("-pk")


def content_of(staged: PlanImport) -> bytes:
    """The bytes as they were brought; raises Refused for a file that is not kept."""
    if staged.state not in (State.STAGED, State.COMMITTED):
        raise Refused(GONE)
    return read(staged.tenant_id, staged.sha256)


def stage(programme: Programme, upload: UploadedFile, *, by: Actor) -> PlanImport:
    """Keep the file and say what it would change; nothing of the plan is touched.

    Raises ValidationError beside `file` where the file as a whole is refused; then nothing is kept. Of a file with
    errors its report is.
    """
    demand_importer(by, programme)
    _demand_room(by)
    name, content = tidy(upload.name or ""), _content(upload)
    plan = _refusing(lambda: read_plan_file(content))
    standing = read_standing(programme, by=by)
    report = report_of(compare(plan, standing, by=by), standing)
    if not report["errors"]:
        keep(by.tenant, content, judge=lambda path: demand_clean(name, path))
    return PlanImport.objects.create(
        tenant_id=by.tenant,
        **own_of(by),
        programme=programme,
        user_id=by.user or 0,
        user_name=by.name,
        file_name=name,
        format=kind_of(content),
        size=len(content),
        sha256=sha256(content).hexdigest(),
        state=State.REFUSED if report["errors"] else State.STAGED,
        report=report,
        digest=digest_of(report),
        plan_seen=standing.digest,
    )


def look(staged: PlanImport, *, by: Actor) -> bool:
    """Compare anew where the plan has moved on since; answers whether what would change is another now.

    A file that has errors now is refused for good: it is brought again when it, or the plan, is mended.
    """
    if not _waits(staged) or read_standing(staged.programme, by=by).digest == staged.plan_seen:
        return False
    # Somebody may take it in at this moment: what is written here is of a file that still waits.
    row = PlanImport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=staged.pk)
    staged.state = row.state
    if not _waits(row):
        return False
    standing = read_standing(staged.programme, by=by)
    before = staged.digest
    report = report_of(compare(_plan_of(staged), standing, by=by), standing)
    staged.report, staged.digest, staged.plan_seen = report, digest_of(report), standing.digest
    staged.state = State.REFUSED if report["errors"] else State.STAGED
    staged.save(update_fields=["report", "digest", "plan_seen", "state"])
    if staged.state == State.REFUSED:
        let_go_at_the_end(staged)
    return staged.digest != before


def commit(staged: PlanImport, *, by: Actor, reason: str, seen: str) -> PlanImport:
    """Take the file in as a whole, as it was shown: `seen` is the digest of what the person read.

    Raises Refused where that is not what would happen now, ValidationError without a reason; nothing is written then.
    """
    programme = locked(staged.programme_id, by)
    row = PlanImport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=staged.pk)
    if programme is None:
        raise Refused(GONE)
    row.programme = programme
    demand_importer(by, programme)
    _demand_waiting(row)
    if is_blank(reason := reason.replace("\0", "").strip()):
        raise ValidationError({"reason": NO_REASON})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": f"The reason has {len(reason)} characters; {LONGEST_REASON} is the most."})
    found, row.report = _found_as_seen(row, seen, by)
    row.digest = seen
    try:
        write(found, row, by=by, reason=reason)
    except IntegrityError as error:
        raise Refused(MOVED_ON) from error  # somebody wrote a step of the same id at this moment
    row.state, row.reason, row.committed_at = State.COMMITTED, reason, timezone.now()
    row.save()
    return row


def _found_as_seen(row: PlanImport, seen: str, by: Actor) -> tuple[Comparison, dict[str, Any]]:
    plan = _plan_of(row)
    if plan.closures:
        take_turns(by)
    standing = read_standing(row.programme, by=by)
    found = compare(plan, standing, by=by)
    report = report_of(found, standing)
    if digest_of(report) != seen:
        raise Refused(MOVED_ON)
    if found.findings.errors:
        raise Refused(ERRORS)
    if not found.changes:
        raise Refused(NOTHING)
    return found, report


def _demand_waiting(row: PlanImport) -> None:
    if row.state == State.COMMITTED:
        raise Refused(DONE)
    if row.state == State.EXPIRED or _over(row):
        raise Refused(EXPIRED)
    if row.state == State.REFUSED:
        raise Refused(ERRORS)


def _demand_room(by: Actor) -> None:
    """A few files may wait at once: each is kept for a day."""
    rows = PlanImport.objects.visible_to(by).filter(membership_id=by.membership)
    if rows.filter(state__in=(State.STAGED, State.REFUSED), expires_at__gt=timezone.now()).count() >= MOST_WAITING:
        raise ValidationError(
            {"file": f"{MOST_WAITING} files of yours are kept already. Throw some of them away, or come back tomorrow."}
        )


def _waits(row: PlanImport) -> bool:
    return row.state == State.STAGED and not _over(row)


def _over(row: PlanImport) -> bool:
    return timezone.now() >= row.expires_at


def _plan_of(row: PlanImport) -> PlanFile:
    try:
        return read_plan_file(read(row.tenant_id, row.sha256))
    except Altered as error:
        raise Refused(GONE) from error


def _refusing(read_it: Callable[[], PlanFile]) -> PlanFile:
    try:
        return read_it()
    except FileRefused as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal


def _content(upload: UploadedFile) -> bytes:
    """All of it, but never more than one byte over the limit."""
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError({"file": TOO_LARGE})
    content = bytes(upload.read(MOST_BYTES + 1))
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": TOO_LARGE})
    return content
