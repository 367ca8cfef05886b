"""The files of a record: what the record's page shows of them, and the pages that take, give and withdraw one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oversight.kernel.access.models import SecurityEvent
from oversight.kernel.access.scope import Actor
from oversight.kernel.access.security import log_security
from oversight.kernel.files.attaching import SeenFile, attach, content_of, file_of, files_of, may_withdraw, withdraw
from oversight.kernel.files.contents import ACCEPT_ATTRIBUTE, ACCEPTED
from oversight.kernel.files.models import Attachment
from oversight.kernel.files.receiving import most, uploaded
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import Refused

from .addresses import address
from .comment_pages import SHARED, audience, nested
from .frame import KindPages
from .kind import RecordKind

SANDBOX = "sandbox; default-src 'none'"


@dataclass(frozen=True, slots=True)
class Line:
    """One file with what the actor may do with it; an empty address: nothing."""

    file: SeenFile
    open_url: str
    withdraw_url: str


def files(kind: RecordKind, record: Case, actor: Actor) -> dict[str, Any]:
    """What `files/_files.html` and `files/_evidence.html` need."""
    open_to_files = record.status not in kind.workflow.final
    lines = [_line(kind, record, actor, seen) for seen in files_of(record, actor)]
    labelled: dict[str, list[Line]] = {}
    for line in lines:
        if line.file.row.label and line.file.row.active:
            labelled.setdefault(line.file.row.label, []).append(line)
    here = address(kind, "files", actor, record.pk)
    return {
        "lines": lines,
        "labelled": labelled,
        "attach_url": here if open_to_files and kind.may(actor, "attach") else "",
        "accept": ACCEPT_ATTRIBUTE,
        "limits": f"{ACCEPTED} files of {most()} at most, {settings.FILES_PER_RECORD} to a record.",
        "label": "",
        "errors": [],
        "refused": None,  # the key of the file that could not be withdrawn
    } | audience(kind, record, actor)


class FilePages(KindPages):
    """The files of the records of one kind."""

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The files of one record; or one more of them."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        if request.method != "POST":
            return self._show(request, record, actor)
        self.found(request, pk, f"{self.kind.capability}.attach")
        shared, label = request.POST.get("audience") == SHARED, request.POST.get("label", "")
        typed = {"chosen": shared, "label": label}
        may_share = shared and self.kind.partner_sees is not None
        try:
            self._demand_open(record)
            row = attach(record, upload=uploaded(request), by=actor, shared=may_share, label=label)
        except Refused as refusal:
            return self._show(request, record, actor, status=409, errors=refusal.sentences, **typed)
        except ValidationError as refusal:
            return self._show(request, record, actor, status=422, errors=refusal.messages, **typed)
        messages.success(request, f"“{row.name}” is attached.")
        return HttpResponseRedirect(f"{address(self.kind, 'detail', actor, pk)}#files")

    def download(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """The bytes, to be saved and not shown; who took them is logged."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        try:
            row, content = content_of(record, actor, file)
        except ObjectDoesNotExist:
            raise Http404 from None
        log_security(SecurityEvent.Kind.DOWNLOADED, request, user_id=actor.user, tenant_id=actor.tenant, status=200)
        return _to_save(row, content)

    def withdraw(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """Take a file back, for a reason."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        try:
            row = file_of(record, actor, file)
        except ObjectDoesNotExist:
            raise Http404 from None
        self.found(request, pk, f"{self.kind.capability}.attach")
        try:
            self._demand_open(record)
            withdraw(row, by=actor, reason=request.POST.get("reason", ""))
        except Refused as refusal:
            return self._show(request, record, actor, status=409, errors=refusal.sentences, refused=row.pk)
        except ValidationError as refusal:
            return self._show(request, record, actor, status=422, errors=refusal.messages, refused=row.pk)
        messages.success(request, f"“{row.name}” is withdrawn. It stays in the history with your reason.")
        return HttpResponseRedirect(f"{address(self.kind, 'detail', actor, pk)}#files")

    def _demand_open(self, record: Case) -> None:
        """What was signed at the end was signed with these files."""
        flow = self.kind.workflow
        if record.status in flow.final:
            raise Refused(f"This record is {flow.states[record.status]}: its files stay as they were then.")

    def _show(
        self, request: HttpRequest, record: Case, actor: Actor, *, status: int = 200, errors: Any = (), **typed: Any
    ) -> HttpResponse:
        found = files(self.kind, record, actor) | {"errors": list(errors)} | typed
        return self.render(request, "files/page.html", {"record": record, "files": found}, status=status)


def file_urls(kind: RecordKind) -> list[URLPattern]:
    """The addresses of files, at either door."""
    pages, slug = FilePages(kind), kind.slug
    here = f"{slug}/<int:pk>/files/"
    view = require_http_methods(["GET", "HEAD", "POST"])(pages.page)
    return [
        path(here, view, name=f"{slug}-files"),
        path(f"{here}<int:file>/", require_safe(pages.download), name=f"{slug}-file"),
        path(f"{here}<int:file>/withdraw/", require_POST(pages.withdraw), name=f"{slug}-file-withdraw"),
    ]


def _line(kind: RecordKind, record: Case, actor: Actor, seen: SeenFile) -> Line:
    row = seen.row
    opens = nested(kind, "file", actor, record.pk, file=row.pk) if seen.readable else ""
    open_to_files = record.status not in kind.workflow.final
    takes_back = open_to_files and row.active and kind.may(actor, "attach") and may_withdraw(row, actor)
    return Line(seen, opens, nested(kind, "file-withdraw", actor, record.pk, file=row.pk) if takes_back else "")


def _to_save(row: Attachment, content: bytes) -> HttpResponse:
    """A browser that shows it all the same does so in a sandbox where nothing runs and nothing loads."""
    kind = f"{row.content_type}; charset=utf-8" if row.content_type.startswith("text/") else row.content_type
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": content_disposition_header(True, row.name),
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )
