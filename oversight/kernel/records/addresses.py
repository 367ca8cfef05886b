"""Where the pages of a record stand: the sponsor's workspace or the partner's portal."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_urlconf, reverse

from oversight.kernel.access.scope import Actor

from .kind import RecordKind

SPONSOR, PK = "the-sponsor", 1234567890  # stand in the gaps while an address is looked up


def door(actor: Actor) -> str:
    """The entrance that the actor came through, as the URL namespace names it."""
    return "portal" if actor.is_partner else "workspace"


def address(kind: RecordKind, page: str, actor: Actor, pk: int | None = None) -> str:
    """The path of one page of one kind, at the actor's own door."""
    pattern = _pattern(f"{door(actor)}:{kind.slug}-{page}", pk is not None, get_urlconf() or settings.ROOT_URLCONF)
    return pattern.format(sponsor=actor.sponsor, pk=pk)


@lru_cache(maxsize=1_000)
def _pattern(name: str, of_one: bool, urlconf: str) -> str:
    """The path with gaps, so that a list looks an address up once and not for every cell. A slug needs no quoting."""
    kwargs: dict[str, object] = {"sponsor": SPONSOR} | ({"pk": PK} if of_one else {})
    path = reverse(name, urlconf, kwargs=kwargs).replace("{", "{{").replace("}", "}}")
    return path.replace(f"/{SPONSOR}/", "/{sponsor}/", 1).replace(f"/{PK}/", "/{pk}/", 1)
