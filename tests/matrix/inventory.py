"""Every address of the house, as the resolver knows it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """One address: the door behind which it lies (empty outside a sponsor), its name, its keys in order."""

    door: str
    name: str
    template: str
    keys: tuple[str, ...]

    def address(self, **values: object) -> str:
        """The path with its keys filled in."""
        path = self.template
        for key in self.keys:
            path = path.replace(f"{{{key}}}", str(values[key]))
        return f"/{path}"


def routes() -> list[Route]:
    """All of them, in the order in which they are tried."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, before: str, door: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, route, each.namespace or door)
        elif isinstance(each, URLPattern):
            template = route
            for converter in ("slug", "int", "str", "path", "uuid"):
                template = template.replace(f"<{converter}:", "<")
            keys = tuple(part.partition(">")[0] for part in template.split("<")[1:])
            template = template.replace("<", "{").replace(">", "}")
            template = template.removeprefix("^")
            yield Route(door, each.name or template, template, keys)
