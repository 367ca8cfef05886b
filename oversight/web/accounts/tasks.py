"""Mail that a person asked for; whether somebody has the address is found out here, not by whoever asks."""

from django.conf import settings

from oversight.celery import app
from oversight.kernel.access.models import User
from oversight.kernel.access.tasks import MAIL, write_to

from .links import reset_link


@app.task(time_limit=60, **MAIL)
def send_reset_link(*, address: str) -> str:
    """Write to the active person with this address how to set a new password."""
    person = User.objects.filter(email=address, is_active=True).first()
    facts: dict[str, object] = {"link": settings.PUBLIC_URL + reset_link(person)} if person else {}
    return write_to(address, "account/mail/reset", "Set a new password", facts)


@app.task(time_limit=60, **MAIL)
def tell_password_changed(*, address: str) -> str:
    """Write to a person that the password is another one now."""
    return write_to(address, "account/mail/changed", "Your password was changed", {})
