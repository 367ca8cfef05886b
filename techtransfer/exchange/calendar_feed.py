"""The steps of a programme as iCalendar: when each is forecast, in words that say nothing a person wrote."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from techtransfer.models import Milestone, Programme
from techtransfer.records import MILESTONE

MOST = 2_000


def calendar_of_programme(programme: Programme, *, by: Actor, now: datetime, site: str) -> bytes:
    """What the actor sees of its steps; `site` is the address of this house.

    Numbers and kinds of steps, as in the feed of due dates: calendars travel through other houses.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Oversight//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Oversight {programme.number}")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    rows = Milestone.objects.visible_to(by).filter(programme=programme, forecast_start__isnull=False)
    for step in rows.exclude(status=Milestone.Status.VOID).order_by("forecast_start", "pk")[:MOST]:
        calendar.add_component(_event(step, by, now, site))
    return bytes(calendar.to_ical())


def _event(step: Milestone, by: Actor, now: datetime, site: str) -> Event:
    event, end = Event(), step.forecast_end or step.forecast_start
    event.add("uid", f"step-{step.pk}@{site.split('//')[-1].split(':')[0]}")
    event.add("dtstamp", now)
    event.add("dtstart", step.forecast_start)
    event.add("dtend", end + timedelta(days=1))  # the day after the last one
    event.add("sequence", step.version)
    event.add("summary", f"{step.number} {step.get_step_display()}")
    event.add("url", site + address(MILESTONE, "detail", by, step.pk))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if step.status == Milestone.Status.DONE else "TENTATIVE")
    return event
