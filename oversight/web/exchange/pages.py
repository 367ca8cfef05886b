"""The pages on which a plan comes in and goes out: upload, what it would change, taking it in, and the files."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from oversight.kernel.access.models import SecurityEvent
from oversight.kernel.access.scope import Actor
from oversight.kernel.access.security import log_security
from oversight.kernel.files.receiving import uploaded
from oversight.kernel.records.addresses import address, place
from oversight.kernel.records.file_pages import SANDBOX
from oversight.kernel.records.frame import KindPages
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from techtransfer.exchange.calendar_feed import calendar_of_programme
from techtransfer.exchange.exporting import FORMATS, export_plan
from techtransfer.exchange.keeping import throw_away
from techtransfer.exchange.staging import (
    MOVED_ON,
    commit,
    content_of,
    demand_importer,
    imports_of,
    look,
    may_import,
    stage,
)
from techtransfer.exchange.templates import notes, template
from techtransfer.models import PlanImport, Programme

from .showing import shown

CALENDAR = "text/calendar; charset=utf-8"
FEW = 10


class PlanFilePages(KindPages):
    """The plan files of programmes."""

    def bring(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where a file is uploaded, and what was taken in before; its answer is the page of what it would change."""
        actor, programme = self._entered(request, pk)
        if request.method != "POST" and not may_import(actor):
            return self._form(request, programme, actor)
        try:
            demand_importer(actor, programme)
            if request.method == "POST":
                staged = stage(programme, uploaded(request), by=actor)
                return HttpResponseRedirect(place("programmes-import", actor, pk=pk, file=staged.pk))
        except Refused as refusal:
            return self._form(request, programme, actor, status=409, refused=refusal.sentences)
        except ValidationError as refusal:
            return self._form(request, programme, actor, status=422, errors=refusal.messages)
        return self._form(request, programme, actor)

    def show(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """What a file would change, or did."""
        actor, programme = self._entered(request, pk)
        staged = self._staged(actor, programme, file)
        try:
            moved = look(staged, by=actor)
        except Refused as refusal:  # its bytes are gone
            return self._page(request, actor, programme, staged, status=409, refused=refusal.sentences)
        return self._page(request, actor, programme, staged, moved=moved)

    def give_file(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """The file as it was brought, to be saved and not shown; who took it is logged."""
        actor, programme = self._entered(request, pk)
        staged = self._staged(actor, programme, file)
        try:
            content = content_of(staged)
        except Refused as refusal:
            return self._page(request, actor, programme, staged, status=409, refused=refusal.sentences)
        return _file(request, actor, content, staged.file_name, "application/octet-stream")

    def commit(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """Take it in as it was shown; shown again where the plan was changed meanwhile."""
        actor, programme = self._entered(request, pk)
        staged = self._staged(actor, programme, file, own=True)
        reason = request.POST.get("reason", "")
        try:
            commit(staged, by=actor, reason=reason, seen=request.POST.get("seen", ""))
        except Refused as refusal:
            staged = self._staged(actor, programme, file)  # as somebody may have left it meanwhile
            if refusal.sentences == (MOVED_ON,):
                look(staged, by=actor)
            return self._page(request, actor, programme, staged, status=409, refused=refusal.sentences, reason=reason)
        except ValidationError as refusal:
            return self._page(
                request, actor, programme, staged, status=422, errors=refusal.message_dict["reason"], reason=reason
            )
        messages.success(request, "The plan is imported. Its dates are computed anew in a moment.")
        return HttpResponseRedirect(address(self.kind, "detail", actor, pk))

    def throw_away(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """Let a file go that is not wanted."""
        actor, programme = self._entered(request, pk)
        staged = self._staged(actor, programme, file, own=True)
        try:
            throw_away(staged, by=actor)
        except Refused as refusal:
            staged = self._staged(actor, programme, file)
            return self._page(request, actor, programme, staged, status=409, refused=refusal.sentences)
        messages.success(request, f"“{staged.file_name}” is thrown away. The plan is as it was.")
        return HttpResponseRedirect(place("programmes-imports", actor, pk=pk))

    def give(self, request: HttpRequest, pk: int, ending: str) -> HttpResponse:
        """The plan as a file to save; that it was taken is logged."""
        actor, programme = self._entered(request, pk)
        content = export_plan(programme, ending, by=actor)
        return _file(request, actor, content, f"{programme.number}.{ending}", FORMATS[ending].content_type)

    def give_calendar(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The steps as a calendar to open once; a feed that follows them has a secret of its own."""
        actor, programme = self._entered(request, pk)
        content = calendar_of_programme(programme, by=actor, now=timezone.now(), site=settings.PUBLIC_URL)
        return _file(request, actor, content, f"{programme.number}.ics", CALENDAR)

    def give_template(self, request: HttpRequest, pk: int, ending: str) -> HttpResponse:
        """An empty file to fill in."""
        actor, _ = self._entered(request, pk)
        return _file(request, actor, template(ending), f"plan-template.{ending}", FORMATS[ending].content_type)

    def _entered(self, request: HttpRequest, pk: int) -> tuple[Actor, Programme]:
        actor = self.enter(request, "view")
        return actor, cast(Programme, self.find(actor, pk))

    def _staged(self, actor: Actor, programme: Programme, key: int, *, own: bool = False) -> PlanImport:
        staged = imports_of(programme, actor, own=own).filter(pk=key).first()
        if staged is None:
            raise Http404
        if staged.state != PlanImport.State.COMMITTED and not may_import(actor):
            raise NotAllowed("milestone.create")
        staged.programme = programme
        return staged

    def _form(
        self, request: HttpRequest, programme: Programme, actor: Actor, *, status: int = 200, **told: Any
    ) -> HttpResponse:
        brought = [
            (place("programmes-import", actor, pk=programme.pk, file=each.pk), each)
            for each in imports_of(programme, actor).defer("report")[:FEW]
        ]
        context = {"record": programme, "brought": brought, "columns": list(notes())[1:], **told}
        context["may_bring"] = may_import(actor)
        context["templates"] = [
            (place(f"programmes-template-{ending}", actor, pk=programme.pk), FORMATS[ending].words)
            for ending in ("xlsx", "csv")
        ]
        return self.render(request, "exchange/upload.html", context, status=status)

    def _page(
        self,
        request: HttpRequest,
        actor: Actor,
        programme: Programme,
        staged: PlanImport,
        *,
        status: int = 200,
        **told: Any,
    ) -> HttpResponse:
        context = {"record": programme, "staged": staged, "shown": shown(staged), **told}
        context["done"] = staged.state == PlanImport.State.COMMITTED
        context["kept"] = staged.state in (PlanImport.State.STAGED, PlanImport.State.COMMITTED)
        context["imports_url"] = place("programmes-imports", actor, pk=programme.pk)
        context["file_url"] = place("programmes-import-file", actor, pk=programme.pk, file=staged.pk)
        context["commit_url"] = place("programmes-import-commit", actor, pk=programme.pk, file=staged.pk)
        context["throw_url"] = place("programmes-import-throw-away", actor, pk=programme.pk, file=staged.pk)
        return self.render(request, "exchange/report.html", context, status=status)


def _file(request: HttpRequest, actor: Actor, content: bytes, name: str, content_type: str) -> HttpResponse:
    log_security(SecurityEvent.Kind.DOWNLOADED, request, user_id=actor.user, tenant_id=actor.tenant, status=200)
    return file_answer(content, name, content_type)


def file_answer(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to save; a browser that shows it all the same does so in a sandbox."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
