"""The calendar feed: when what waits for a member is due, in words that say nothing of what it is about."""

from datetime import datetime, timedelta

from django.db.models import Q
from icalendar import Calendar, Event

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import OPEN, Clock, Status
from oversight.kernel.clocks.rules import own_side
from oversight.kernel.records.addresses import address

from .sentences import due_words, kind_of, kinds

MOST = 1_000
REMEMBERED = timedelta(days=30)  # how long what is settled is told to be off


def calendar_of(actor: Actor, *, now: datetime, site: str) -> bytes:
    """What the actor's side has to do, as iCalendar; `site` is the address of this house.

    The number of the record and what is due, nothing that a person wrote: calendars travel through other houses.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Oversight//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Oversight")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for clock, number, href in _due(actor, now):
        calendar.add_component(_event(clock, number, site + href, now=now, site=site))
    return bytes(calendar.to_ical())


def _due(actor: Actor, now: datetime) -> list[tuple[Clock, str, str]]:
    tables = [kind.model._meta.db_table for kind in kinds() if kind.may(actor, "view")]
    # What was settled when it began, and so has one version, stands in nobody's calendar.
    settled = Q(answered_at__gte=now - REMEMBERED) | Q(stopped_at__gte=now - REMEMBERED)
    rows = Clock.objects.visible_to(actor).filter(side=own_side(actor), kind__in=tables)
    clocks = list(rows.filter(status__in=OPEN).order_by("due_at", "id")[:MOST])
    clocks += rows.filter(settled, version__gt=1).order_by("-id")[:MOST]
    found = []
    for table in {clock.kind for clock in clocks}:
        kind = kind_of(table)
        assert kind is not None  # noqa: S101  # asked for by the tables of the kinds
        wanted = {clock.record_id for clock in clocks if clock.kind == table}
        records = kind.model.objects.visible_to(actor).filter(pk__in=wanted)
        numbers = dict(records.values_list("pk", "number"))
        for clock in clocks:
            if clock.kind == table and clock.record_id in numbers:
                href = address(kind, "detail", actor, clock.record_id)
                found.append((clock, numbers[clock.record_id], href))
    return sorted(found, key=lambda each: (each[0].due_at, each[0].pk))


def _event(clock: Clock, number: str, href: str, *, now: datetime, site: str) -> Event:
    event = Event()
    event.add("uid", f"clock-{clock.pk}@{site.split('//')[-1].split(':')[0]}")
    event.add("dtstamp", now)
    event.add("dtstart", clock.due_at)
    event.add("sequence", clock.version)
    event.add("summary", f"{number} {due_words(clock.name) or 'due'}")
    event.add("url", href)
    event.add("transp", "TRANSPARENT")
    off = not clock.is_open
    event.add("status", "CANCELLED" if off else "TENTATIVE" if clock.status == Status.PAUSED else "CONFIRMED")
    return event
