"""Clocks on a page: one ring with its words, and the panel of a record with all of its clocks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from oversight.kernel.clocks.face import face, when, whose
from oversight.kernel.clocks.models import Clock
from oversight.kernel.components.marks import inside

register = template.Library()


@register.inclusion_tag("clocks/_clock.html")
def clock(shown: Clock, now: datetime | None = None, large: bool = False) -> dict[str, Any]:
    """The ring and the words of one clock."""
    return {"face": face(shown, now or timezone.now()), "large": large}


@register.inclusion_tag("clocks/_panel.html")
def clock_panel(clocks: Sequence[Clock], now: datetime | None = None) -> dict[str, Any]:
    """Every clock of a record, in the order of `clocks_of`: the next one large, with the rule that set each."""
    present = now or timezone.now()
    return {"lines": [_line(each, present) for each in clocks]}


def _line(each: Clock, now: datetime) -> dict[str, Any]:
    ended = each.answered_at or each.stopped_at
    return {
        "face": face(each, now),
        "clock": each,
        "rule": inside(each.cites),
        "whose": whose(each),
        "due": when(each.due_at, each.zone, now),
        "ended": when(ended, each.zone, now) if ended else "",
        "paused": when(each.paused_at, each.zone, now) if each.paused_at else "",
        "pauses": len(each.pauses) // 2,
    }
