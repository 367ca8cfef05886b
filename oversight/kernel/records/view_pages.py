"""What is done with the view of a list: kept under a name, or taken away as a file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from oversight.kernel.workflow.refusals import Refused

from .addresses import address
from .export_pages import accepted
from .exports import ask_for
from .frame import KindPages
from .kind import RecordKind
from .listing import read_view
from .saved import rename_view, save_view, share_view, side_of, views_of


class ViewPages(KindPages):
    """The saved views and the export of one list."""

    def save(self, request: HttpRequest) -> HttpResponse:
        """Keep the present view."""
        actor = self.enter(request, "view")
        state = read_view(self.kind, actor, QueryDict(request.POST.get("view", "")[:4_000])).here
        back = f"{address(self.kind, 'list', actor)}?{state}"
        try:
            shared = request.POST.get("shared") == "yes"
            view = save_view(self.kind, by=actor, name=request.POST.get("name", ""), state=state, shared=shared)
        except ValidationError as refusal:
            return self._refused(request, refusal.messages, back)
        whom = side_of(actor) if view.shared else "you alone"
        messages.success(request, f"“{view.name}” is kept above the list, for {whom}.")
        return HttpResponseRedirect(back)

    def change(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Rename, share or delete one's own view."""
        actor = self.enter(request, "view")
        view = views_of(self.kind, actor).filter(pk=pk).first()
        if view is None:
            raise Http404
        where = address(self.kind, "list", actor)
        if request.POST.get("do") == "delete":
            view.delete()
            messages.success(request, f"“{view.name}” is deleted. The records are as they were.")
            return HttpResponseRedirect(where)
        if (do := request.POST.get("do")) in ("share", "unshare"):
            share_view(view, by=actor, shared=do == "share")
            whom = side_of(actor) if view.shared else "you alone"
            messages.success(request, f"“{view.name}” stands above the list for {whom}.")
            return HttpResponseRedirect(f"{where}?{view.state}")
        try:
            rename_view(self.kind, view, by=actor, name=request.POST.get("name", ""))
        except ValidationError as refusal:
            return self._refused(request, refusal.messages, f"{where}?{view.state}")
        messages.success(request, f"The view is called “{view.name}” now.")
        return HttpResponseRedirect(f"{where}?{view.state}")

    def export(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file of the present view."""
        actor = self.enter(request, "view")
        state = read_view(self.kind, actor, QueryDict(request.POST.get("view", "")[:4_000])).here
        back = f"{address(self.kind, 'list', actor)}?{state}"
        try:
            export = ask_for(self.kind.slug, by=actor, query=state, excel=request.POST.get("format") == "XLSX")
        except Refused as refusal:
            return self._refused(request, refusal.sentences, back, status=409)
        return accepted(export, actor)

    def _refused(
        self, request: HttpRequest, sentences: list[str] | tuple[str, ...], back: str, status: int = 422
    ) -> HttpResponse:
        return self.render(request, "records/_list_refused.html", {"sentences": sentences, "back": back}, status=status)


def view_urls(kind: RecordKind) -> list[URLPattern]:
    """The addresses of what is done with a list, at either door."""
    pages, slug = ViewPages(kind), kind.slug
    return [
        path(f"{slug}/views/", require_POST(pages.save), name=f"{slug}-views"),
        path(f"{slug}/views/<int:pk>/", require_POST(pages.change), name=f"{slug}-view"),
        path(f"{slug}/export/", require_POST(pages.export), name=f"{slug}-export"),
    ]
