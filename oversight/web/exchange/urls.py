"""Where plan files come in and go out, in the workspace, through the API and as a feed."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oversight.kernel.api.endpoints import view_of
from oversight.kernel.api.resource import Resource
from techtransfer.exchange.exporting import FORMATS
from techtransfer.records import PROGRAMME

from .endpoints import Import, ImportCommit, Imports, ImportThrowAway, PlanFileOf
from .feeds import programme_feed
from .pages import PlanFilePages

HERE = f"{PROGRAMME.slug}/<int:pk>"
FILE = f"{HERE}/imports/<int:file>"


def _given(pages: PlanFilePages, page: str, ending: str) -> Callable[..., HttpResponse]:
    """The page of one format: each has an address of its own, and so a row of its own in the matrix."""
    return require_safe(partial(getattr(pages, page), ending=ending))


def exchange_urls() -> list[URLPattern]:
    """The pages, for the sponsor's own staff."""
    pages, slug = PlanFilePages(PROGRAMME), PROGRAMME.slug
    form = require_http_methods(["GET", "HEAD", "POST"])
    return [
        path(f"{HERE}/imports/", form(pages.bring), name=f"{slug}-imports"),
        path(f"{FILE}/", require_safe(pages.show), name=f"{slug}-import"),
        path(f"{FILE}/file/", require_safe(pages.give_file), name=f"{slug}-import-file"),
        path(f"{FILE}/commit/", require_POST(pages.commit), name=f"{slug}-import-commit"),
        path(f"{FILE}/throw-away/", require_POST(pages.throw_away), name=f"{slug}-import-throw-away"),
        *(
            path(f"{HERE}/plan.{ending}", _given(pages, "give", ending), name=f"{slug}-plan-{ending}")
            for ending in FORMATS
        ),
        path(f"{HERE}/plan.ics", require_safe(pages.give_calendar), name=f"{slug}-plan-ics"),
        *(
            path(
                f"{HERE}/plan-template.{ending}",
                _given(pages, "give_template", ending),
                name=f"{slug}-template-{ending}",
            )
            for ending in ("xlsx", "csv")
        ),
    ]


def exchange_api_urls() -> list[URLPattern]:
    """The same for programs."""
    resource, slug = Resource(PROGRAMME), PROGRAMME.slug
    return [
        path(f"{HERE}/imports/", view_of(Imports, resource=resource), name=f"{slug}-imports"),
        path(f"{FILE}/", view_of(Import, resource=resource), name=f"{slug}-import"),
        path(f"{FILE}/commit/", view_of(ImportCommit, resource=resource), name=f"{slug}-import-commit"),
        path(f"{FILE}/throw-away/", view_of(ImportThrowAway, resource=resource), name=f"{slug}-import-throw-away"),
        *(
            path(
                f"{HERE}/plan.{ending}",
                view_of(PlanFileOf, resource=resource, ending=ending),
                name=f"{slug}-plan-{ending}",
            )
            for ending in FORMATS
        ),
    ]


feed_urls: list[URLPattern] = [
    path("calendar/<slug:secret>/programmes/<slug:programme>.ics", programme_feed, name="calendar-programme")
]
