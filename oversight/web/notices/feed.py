"""`/calendar/<secret>.ics`: a member's due dates, for a calendar program that signs in by the secret alone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from oversight.kernel.access.scope import forgetful_transaction
from oversight.kernel.notifications.calendar_keys import enter_by_calendar
from oversight.kernel.notifications.feed import calendar_of


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar that the secret opens; the 404 of an address that never was when it opens nothing."""
    with forgetful_transaction():
        actor = enter_by_calendar(secret, request=request.trace)  # type: ignore[attr-defined]
        if actor is None:
            raise Http404
        body = calendar_of(actor, now=timezone.now(), site=settings.PUBLIC_URL)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="oversight.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
