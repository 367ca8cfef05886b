"""The paths of record pages, at both doors."""

from collections.abc import Callable, Iterable

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from .kind import RecordKind
from .pages import RecordPages

View = Callable[..., HttpResponse]


def record_urls(pages: Iterable[RecordPages]) -> list[URLPattern]:
    """Every page of every kind, for the sponsor's own staff."""
    urls: list[URLPattern] = []
    for page in pages:
        slug = page.kind.slug
        urls += [
            path(f"{slug}/", _read(page.list_records), name=f"{slug}-list"),
            path(f"{slug}/new/", _write(page.create), name=f"{slug}-create"),
            path(f"{slug}/<int:pk>/", _read(page.show), name=f"{slug}-detail"),
            path(f"{slug}/<int:pk>/amend/", _write(page.amend), name=f"{slug}-amend"),
            path(f"{slug}/<int:pk>/history/", _read(page.history), name=f"{slug}-history"),
        ]
    return urls


def portal_urls(pages: Iterable[RecordPages]) -> list[URLPattern]:
    """What partners may read: the kinds that say which fields they share."""
    urls: list[URLPattern] = []
    for page in pages:
        if page.kind.partner_sees is None:
            continue
        slug = page.kind.slug
        urls += [
            path(f"{slug}/", _read(page.list_records), name=f"{slug}-list"),
            path(f"{slug}/<int:pk>/", _read(page.show), name=f"{slug}-detail"),
            path(f"{slug}/<int:pk>/history/", _read(page.history), name=f"{slug}-history"),
        ]
    return urls


def record_pages(kinds: Iterable[RecordKind]) -> tuple[RecordPages, ...]:
    """The pages of every kind; each learns which of the kinds are its children."""
    known = tuple(kinds)
    return tuple(
        RecordPages(kind, tuple(child for child in known if child.parent and child.parent.kind is kind))
        for kind in known
    )


def _read(view: View) -> View:
    return require_safe(view)


def _write(view: View) -> View:
    return require_http_methods(["GET", "HEAD", "POST"])(view)
