"""The mail to somebody who joined: a link to set a password, or a word that there is one more sponsor to work for."""

from django.conf import settings
from django.urls import reverse

from oversight.kernel.access.models import Membership, Sponsor
from oversight.kernel.access.scope import Actor
from oversight.kernel.access.tasks import write_to
from oversight.kernel.outbox import Subscriber, subscribe
from oversight.kernel.outbox.models import Event
from oversight.roles import Role
from oversight.web.accounts.links import invitation_link

JOINED = "membership.joined"


def invite(event: Event, system: Actor) -> None:
    """Write to whoever joined; the subscriber `invitations`. A mail server that is away is tried again."""
    member = Membership.objects.visible_to(system).select_related("user").filter(pk=event.record_id).first()
    if member is None or member.role == Role.API_CLIENT or not member.user.is_active:
        return
    sponsor = Sponsor.objects.get(pk=system.tenant)
    new = not member.user.has_usable_password()
    told: dict[str, object] = {
        "member": member,
        "sponsor": sponsor,
        "role": Role(member.role).label,
        "new": new,
        "link": settings.PUBLIC_URL + (invitation_link(member.user) if new else reverse("chooser")),
    }
    # The subject names no sponsor and no person: it is shown on locked screens.
    write_to(member.user.email, "administration/mail/invitation", "Your access to Oversight", told)


def listen() -> None:
    """Called when the app is ready."""
    subscribe(Subscriber("invitations", frozenset({JOINED}), invite))
