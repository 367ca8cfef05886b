"""Where the pages of a record stand: the sponsor's workspace or the partner's portal."""

from django.urls import reverse

from oversight.kernel.access.scope import Actor

from .kind import RecordKind


def door(actor: Actor) -> str:
    """The entrance that the actor came through, as the URL namespace names it."""
    return "portal" if actor.is_partner else "workspace"


def address(kind: RecordKind, page: str, actor: Actor, pk: int | None = None) -> str:
    """The path of one page of one kind, at the actor's own door."""
    kwargs: dict[str, object] = {"sponsor": actor.sponsor}
    if pk is not None:
        kwargs["pk"] = pk
    return reverse(f"{door(actor)}:{kind.slug}-{page}", kwargs=kwargs)
