"""How far the partner's steps are: asked every two weeks of each that is under way, and answered in place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Subquery

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.words import day_in_words
from techtransfer.models import CheckIn, Milestone
from techtransfer.records import CHECK_IN, MILESTONE
from techtransfer.warning.asking import AHEAD, EVERY, GRACE

from .todo import Due

MOST = 12  # asked for at once


@dataclass(frozen=True, slots=True)
class Asked:
    """One step of which a check-in is awaited: words only."""

    pk: int
    at: date
    due: Due
    title: str
    number: str
    href: str
    about: tuple[str, ...]
    last: str  # 40 % on 12 Nov 2026
    ends: str  # the end that is known
    least: int  # what was said last: less than that has to be explained


def asked(actor: Actor, *, now: datetime, most: int = MOST) -> tuple[Asked, ...]:
    """The steps under way whose check-in is due, the longest due first; none for who only reads."""
    if not CHECK_IN.may_write(actor, "create") or not MILESTONE.may(actor, "view"):
        return ()
    today = now.astimezone(ZoneInfo(actor.tz)).date()
    told = CheckIn.objects.visible_to(actor).filter(status=CheckIn.Status.NOTED, milestone=OuterRef("pk"))
    since = today - timedelta(EVERY - AHEAD)
    rows: Any = Milestone.objects.visible_to(actor).filter(
        ~Exists(told.filter(as_of__gt=since)), status=Milestone.Status.IN_PROGRESS, duration_days__gt=0,
        actual_start__lte=since,
    )  # fmt: skip
    last = told.order_by("-as_of", "-pk")
    rows = rows.annotate(said_on=Subquery(last.values("as_of")[:1]), said=Subquery(last.values("percent")[:1]))
    found = [_asked(actor, row, today) for row in rows.select_related("site").order_by("actual_start", "pk")[:most]]
    return tuple(sorted(found, key=lambda each: (each.at, each.number)))


def _asked(actor: Actor, row: Any, today: date) -> Asked:
    at = (row.said_on or row.actual_start) + timedelta(EVERY)
    ends = row.partner_end or row.forecast_end or row.planned_end
    return Asked(
        pk=row.pk,
        at=at,
        due=_due(at, today),
        title=row.title,
        number=row.number,
        href=address(MILESTONE, "detail", actor, row.pk),
        about=tuple(words for words in (row.product_code, row.batch_number, row.site and row.site.name) if words),
        last=f"{row.said} % on {day_in_words(row.said_on)}" if row.said_on else "",
        ends=day_in_words(ends) if ends else "",
        least=row.said or 0,
    )


def _due(at: date, today: date) -> Due:
    late = (today - at).days
    day = f"{at:%a} {at.day} {at:%b}"
    if late > GRACE:
        return Due("danger", "late", f"{late} days late", day)
    if late > 0:
        return Due("warn", "warn", "1 day late" if late == 1 else f"{late} days late", day)
    return Due("warn" if late == 0 else "neutral", "warn" if late == 0 else "", "Today" if late == 0 else day, "due")
