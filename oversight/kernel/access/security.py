"""The security log: sign-ins and refusals, written past the transaction that a refusal rolls back."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from .models import SecurityEvent, User


def log_security(kind: SecurityEvent.Kind, request: HttpRequest | None, **facts: Any) -> None:
    """Write one event; called where no transaction that might roll back is open."""
    if request is not None:
        facts.setdefault("address", client_address(request))
        facts.setdefault("request", getattr(request, "trace", ""))
        facts.setdefault("path", request.path[:500])
    SecurityEvent.objects.create(kind=kind, **facts)


def client_address(request: HttpRequest) -> str | None:
    """Who asks, as the outermost trusted proxy saw it; without one, whoever is connected."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = forwarded[-trusted] if trusted and len(forwarded) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address))
    except ValueError:
        return None


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    log_security(SecurityEvent.Kind.SIGNED_IN, request, user_id=user.pk, email=user.email)


@receiver(user_logged_out)
def _signed_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        log_security(SecurityEvent.Kind.SIGNED_OUT, request, user_id=user.pk, email=user.email)


@receiver(user_login_failed)
def _sign_in_failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    log_security(SecurityEvent.Kind.SIGN_IN_FAILED, request, email=str(credentials.get("email", ""))[:254])
