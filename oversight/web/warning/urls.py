"""Addresses of early warnings, in the workspace and below a sponsor's part of the API."""

from django.urls import URLPattern, path

from oversight.kernel.api.endpoints import view_of
from oversight.kernel.api.resource import Resource
from techtransfer.records import EARLY_WARNING, PROGRAMME

from .api import WarningsOf
from .pages import how_well


def warning_urls() -> list[URLPattern]:
    """The page beside the list of warnings."""
    return [path(f"{EARLY_WARNING.slug}/how-well/", how_well, name="how-well")]


def warning_endpoints() -> list[URLPattern]:
    """What of a programme is likely to end late."""
    view = view_of(WarningsOf, resource=Resource(PROGRAMME))
    return [path(f"{PROGRAMME.slug}/<int:pk>/warnings/", view, name=f"{PROGRAMME.slug}-warnings")]
