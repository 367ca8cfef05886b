"""The paths of record pages, at both doors."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from .comment_pages import comment_urls
from .file_pages import file_urls
from .kind import RecordKind
from .move_pages import MovePages
from .pages import RecordPages
from .view_pages import view_urls

View = Callable[..., HttpResponse]


def record_urls(pages: Iterable[RecordPages]) -> list[URLPattern]:
    """Every page of every kind, for the sponsor's own staff."""
    return [url for page in pages for url in _urls(page, create=True, amend=True)]


def portal_urls(pages: Iterable[RecordPages]) -> list[URLPattern]:
    """What partners may open: the kinds that say which fields they share, written to where their workflow says so."""
    return [
        url
        for page in pages
        if page.kind.partner_sees is not None
        for url in _urls(
            page, create=bool(page.kind.workflow.partner_opens), amend=bool(page.kind.workflow.partner_editable)
        )
    ]


def _urls(page: RecordPages, *, create: bool, amend: bool) -> Iterator[URLPattern]:
    slug, moves = page.kind.slug, MovePages(page)
    yield path(f"{slug}/", _read(page.list_records), name=f"{slug}-list")
    if create:
        yield path(f"{slug}/new/", _write(page.create), name=f"{slug}-create")
    yield path(f"{slug}/<int:pk>/", _read(page.show), name=f"{slug}-detail")
    if amend:
        yield path(f"{slug}/<int:pk>/amend/", _write(page.amend), name=f"{slug}-amend")
    yield path(f"{slug}/<int:pk>/history/", _read(page.history), name=f"{slug}-history")
    yield from view_urls(page.kind)
    yield from comment_urls(page.kind)
    yield from file_urls(page.kind)
    for move in page.kind.workflow.transitions:
        where = f"{slug}/<int:pk>/moves/{move.name}/"
        yield path(where, _write(moves.page(move)), name=f"{slug}-{move.name}")


def record_pages(
    kinds: Iterable[RecordKind], *, own: Mapping[str, type[RecordPages]] | None = None
) -> tuple[RecordPages, ...]:
    """The pages of every kind; each learns which of the kinds are its children. `own`: the earned ones, by slug."""
    known, earned = tuple(kinds), own or {}
    return tuple(
        earned.get(kind.slug, RecordPages)(
            kind, tuple(child for child in known if (above := child.parent) and above.kind is kind and above.lists)
        )
        for kind in known
    )


def _read(view: View) -> View:
    return require_safe(view)


def _write(view: View) -> View:
    return require_http_methods(["GET", "HEAD", "POST"])(view)
