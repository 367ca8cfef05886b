"""The addresses of the API: four for each record kind, and one for each of its moves."""

from collections.abc import Iterable

from django.urls import URLPattern, path

from oversight.kernel.records.kind import RecordKind

from .endpoints import Collection, Item, MoveOf, Versions, view_of
from .resource import Resource


def api_urls(kinds: Iterable[RecordKind]) -> list[URLPattern]:
    """Every endpoint of every kind; to be included below a sponsor, in the namespace `api`."""
    urls: list[URLPattern] = []
    for resource in map(Resource, kinds):
        slug = resource.kind.slug
        urls += [
            path(f"{slug}/", view_of(Collection, resource=resource), name=f"{slug}-collection"),
            path(f"{slug}/<int:pk>/", view_of(Item, resource=resource), name=f"{slug}-record"),
            path(f"{slug}/<int:pk>/history/", view_of(Versions, resource=resource), name=f"{slug}-history"),
            *(
                path(
                    f"{slug}/<int:pk>/transitions/{move.name}/",
                    view_of(MoveOf, resource=resource, transition=move),
                    name=f"{slug}-{move.name}",
                )
                for move in resource.kind.workflow.transitions
            ),
        ]
    return urls
