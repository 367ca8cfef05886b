"""What the kernel's middleware adds to a request."""

from collections.abc import Callable

from django.http import HttpRequest

from .entrance import Ambiguous, MembershipCard
from .scope import Actor


class ScopedRequest(HttpRequest):
    """A request behind `ScopeMiddleware`; for annotations only, Django makes its own class.

    `actor` is None on paths that name no sponsor.
    """

    trace: str
    actor: Actor
    entered: Actor | Ambiguous | None
    memberships: Callable[[], tuple[MembershipCard, ...]]
