"""What workers do for people's accounts. Arguments name an address: whether somebody has it is found out here."""

from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string

from oversight.celery import app

from .models import User

# A letter about an account is owed by nobody but the broker: while the mail server is away it is tried for ten minutes.
# No pause is longer than the broker waits for a worker.
MAIL: dict[str, Any] = {"autoretry_for": (OSError,), "retry_backoff": 5, "retry_backoff_max": 45, "max_retries": 15}


@app.task(time_limit=60, **MAIL)
def tell_locked(*, address: str, signing: bool) -> str:
    """Write to the person with this address that five wrong tries have locked signing in, or signing."""
    return write_to(address, "account/mail/locked", "Signing in was locked", {"signing": signing})


def write_to(address: str, template: str, subject: str, facts: dict[str, object]) -> str:
    """Send one mail to the active person with this address; to nobody, where there is none. Nothing confidential."""
    person = User.objects.filter(email=address.strip().lower(), is_active=True).first()
    if person is None:
        return "nobody"
    text = render_to_string(f"{template}.txt", facts | {"person": person})
    send_mail(subject, text, None, [person.email])
    return "sent"
