"""`/calendar/<secret>/programmes/<id>.ics`: a programme's plan, for a calendar program with a member's own secret."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from oversight.kernel.access.scope import forgetful_transaction
from oversight.kernel.notifications.calendar_keys import enter_by_calendar
from oversight.kernel.records.addresses import key_in
from techtransfer.exchange.calendar_feed import calendar_of_programme
from techtransfer.models import Programme
from techtransfer.records import PROGRAMME


@require_safe
def programme_feed(request: HttpRequest, secret: str, programme: str) -> HttpResponse:
    """The plan as far as the member sees it; else the 404 of an address that never was."""
    with forgetful_transaction():
        actor = enter_by_calendar(secret, request=request.trace)  # type: ignore[attr-defined]
        if actor is None or actor.is_partner or not PROGRAMME.may(actor, "view"):
            raise Http404
        found = Programme.objects.visible_to(actor).filter(pk=key_in(programme)).first()
        if found is None:
            raise Http404
        body = calendar_of_programme(found, by=actor, now=timezone.now(), site=settings.PUBLIC_URL)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="plan.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
