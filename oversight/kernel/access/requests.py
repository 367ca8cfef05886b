"""What the kernel's middleware adds to a request."""

from collections.abc import Callable

from django.http import HttpRequest

from .entrance import Bearer, Entered, MembershipCard
from .scope import Actor


class ScopedRequest(HttpRequest):
    """A request behind `ScopeMiddleware`; for annotations only, Django makes its own class.

    `actor` is None on paths that name no sponsor.
    """

    trace: str
    actor: Actor
    entered: Entered
    bearer: Bearer | None  # at the API's door only
    memberships: Callable[[], tuple[MembershipCard, ...]]
