"""Where pages stand, in the sponsor's workspace or the partner's portal, and which row an address names."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_urlconf, reverse

from oversight.kernel.access.scope import Actor

from .kind import RecordKind

LONGEST_KEY = 19  # digits that the database holds, whichever they are
SPONSOR, PK = "the-sponsor", 1234567890  # stand in the gaps while an address is looked up


def door(actor: Actor) -> str:
    """The entrance that the actor came through, as the URL namespace names it."""
    return "portal" if actor.is_partner else "workspace"


def address(kind: RecordKind, page: str, actor: Actor, pk: int | None = None) -> str:
    """The path of one page of one kind, at the actor's own door."""
    pattern = _pattern(f"{door(actor)}:{kind.slug}-{page}", pk is not None, get_urlconf() or settings.ROOT_URLCONF)
    return pattern.format(sponsor=actor.sponsor, pk=pk)


def place(page: str, actor: Actor, **keys: object) -> str:
    """The path of a page that belongs to no kind, at the actor's own door; raises NoReverseMatch where it has none."""
    return reverse(f"{door(actor)}:{page}", kwargs={"sponsor": actor.sponsor, **keys})


def key_in(text: str) -> int | None:
    """The key of a row that an address or a form names; None for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_KEY else None


@lru_cache(maxsize=1_000)
def _pattern(name: str, of_one: bool, urlconf: str) -> str:
    """The path with gaps, so that a list looks an address up once and not for every cell. A slug needs no quoting."""
    kwargs: dict[str, object] = {"sponsor": SPONSOR} | ({"pk": PK} if of_one else {})
    path = reverse(name, urlconf, kwargs=kwargs).replace("{", "{{").replace("}", "}}")
    return path.replace(f"/{SPONSOR}/", "/{sponsor}/", 1).replace(f"/{PK}/", "/{pk}/", 1)
