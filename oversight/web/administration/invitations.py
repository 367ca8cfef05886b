"""The mail to somebody who joined: a link to set a password, or a word that there is one more sponsor to work for."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from oversight.kernel.access.models import Membership, Sponsor
from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox.models import Event
from oversight.kernel.outbox.subscribers import Subscriber, subscribe
from oversight.roles import Role
from oversight.web.accounts.links import invitation_link

JOINED = "membership.joined"


def invite(event: Event, system: Actor) -> None:
    """Write to whoever joined; the subscriber `invitations`. A mail server that is away is tried again."""
    member = Membership.objects.visible_to(system).select_related("user").filter(pk=event.record_id).first()
    if member is None or member.role == Role.API_CLIENT or not member.user.is_active:
        return
    sponsor = Sponsor.objects.get(pk=system.tenant)
    base = settings.PUBLIC_URL.rstrip("/")
    new = not member.user.has_usable_password()
    told = {
        "member": member,
        "sponsor": sponsor,
        "role": Role(member.role).label,
        "by": event.user_name,
        "new": new,
        "link": base + (invitation_link(member.user) if new else reverse("chooser")),
    }
    # The subject names no sponsor and no person: it is shown on locked screens.
    send_mail(
        "Your access to Oversight",
        render_to_string("administration/mail/invitation.txt", told),
        settings.DEFAULT_FROM_EMAIL,
        [member.user.email],
    )


def listen() -> None:
    """Called when the app is ready."""
    subscribe(Subscriber("invitations", frozenset({JOINED}), invite))
