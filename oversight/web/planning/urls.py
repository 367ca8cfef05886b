"""The addresses, below a sponsor's part of the API."""

from django.urls import URLPattern, path

from oversight.kernel.api.endpoints import view_of
from oversight.kernel.api.resource import Resource
from techtransfer.records import PROGRAMME

from .impact import ImpactOf
from .plan import PlanOf


def planning_urls() -> list[URLPattern]:
    """The whole plan, and where the days come from."""
    resource, slug = Resource(PROGRAMME), PROGRAMME.slug
    return [
        path(f"{slug}/<int:pk>/{view.what}/", view_of(view, resource=resource), name=f"{slug}-{view.what}")
        for view in (ImpactOf, PlanOf)
    ]
