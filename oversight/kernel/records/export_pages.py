"""The pages of an export: how far it is, and the file. One may leave and come back; nobody else may come."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from oversight.kernel.access.models import SecurityEvent
from oversight.kernel.access.scope import Actor, sight
from oversight.kernel.access.security import log_security

from .addresses import place
from .exports import content_of, exports_of
from .file_pages import SANDBOX
from .frame import acting, layout_of
from .models import Export

SHOWN = 20
TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one export is."""
    actor = acting(request)
    export = _find(actor, pk)
    return _render(request, actor, {"export": export, "waiting": export.status in ("QUEUED", "RUNNING")})


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """The newest files that the member asked for."""
    actor = acting(request)
    return _render(request, actor, {"exports": exports_of(actor)[:SHOWN]})


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, to whoever asked for it and still sees what is in it; that it was taken is logged."""
    actor = acting(request)
    export = _find(actor, pk)
    if export.status != Export.Status.DONE or export.sight != sight(actor):
        raise Http404
    if (content := content_of(export)) is None:
        return _render(request, actor, {"export": export, "gone": True}, status=410)
    return hand_over(request, content, kind=Export.Format(export.format), name=str(export))


def hand_over(request: HttpRequest, content: bytes, *, kind: Export.Format, name: str) -> HttpResponse:
    """A table as a file to save; that it was taken is logged."""
    actor = acting(request)
    log_security(SecurityEvent.Kind.DOWNLOADED, request, user_id=actor.user, tenant_id=actor.tenant, status=200)
    response = HttpResponse(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def accepted(export: Export, actor: Actor) -> HttpResponse:
    """The answer to whoever asks for a file: where to wait for it."""
    return HttpResponseRedirect(place("export", actor, pk=export.pk))


def export_urls() -> list[URLPattern]:
    """The addresses, at either door."""
    return [
        path("exports/", show_all, name="exports"),
        path("exports/<int:pk>/", show, name="export"),
        path("exports/<int:pk>/file/", download, name="export-file"),
    ]


def _find(actor: Actor, pk: int) -> Export:
    export = exports_of(actor).filter(pk=pk).first()
    if export is None:
        raise Http404
    return export


def _render(request: HttpRequest, actor: Actor, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    export = context.get("export")
    context |= {
        "layout": layout_of(actor),
        "all_url": place("exports", actor),
        "file_url": place("export-file", actor, pk=export.pk) if isinstance(export, Export) else "",
    }
    return render(request, "records/_list_export.html", context, status=status)
