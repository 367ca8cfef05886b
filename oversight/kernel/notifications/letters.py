"""What stands in a letter: how many, of what sort, numbers, due times and links; no company, product or free text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import when
from oversight.kernel.records.addresses import place

from .groups import Group
from .models import Letter
from .reading import Item

MOST = 40  # in one letter; the rest stands in the product


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in a letter."""

    sort: str
    number: str
    due: str
    href: str
    is_critical: bool


def subject_of(items: Sequence[Item]) -> str:
    """How many, and whether one of them is critical: whoever sees the subject learns nothing else."""
    critical = sum(item.notice.group == Group.CRITICAL for item in items)
    if critical and critical == len(items):
        return f"Oversight: {critical} critical {_noun(critical)} {_need(critical)} you"
    also = f", {critical} critical" if critical else ""
    return f"Oversight: {len(items)} {_noun(len(items))} for you{also}"


def compose(
    letter: Letter, items: Sequence[Item], actor: Actor, *, email: str, now: datetime
) -> EmailMultiAlternatives:
    """The letter as it goes out; its Message-ID is the same at each try, so that a mailbox knows a double."""
    site = settings.PUBLIC_URL
    lines = [_line(item, site, actor, now) for item in items[:MOST]]
    context = {
        "lines": lines,
        "count": len(items),
        "more": len(items) - len(lines),
        "at_once": letter.slot.startswith("event-"),
        "name": actor.name,
        "notices_url": site + place("notices", actor),
        "preferences_url": site + place("notice-preferences", actor),
    }
    host = site.split("//")[-1].split("/")[0].split(":")[0]
    message = EmailMultiAlternatives(
        subject_of(items),
        render_to_string("notifications/letter.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [email],
        headers={
            "Message-ID": f"<letter-{letter.tenant_id}-{letter.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("notifications/letter.html", context), "text/html")
    return message


def _line(item: Item, site: str, actor: Actor, now: datetime) -> Line:
    due = when(item.due_at, str(ZoneInfo(actor.tz)), now) if item.due_at else ""
    return Line(item.sentence.sort, item.number, due, site + item.href, item.notice.group == Group.CRITICAL)


def _noun(count: int) -> str:
    return "item" if count == 1 else "items"


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"
