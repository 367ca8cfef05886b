"""The numbers on top of Today: each opens the list of what it counts."""

from dataclasses import dataclass
from datetime import datetime

from batches.records import BATCH
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import span
from oversight.kernel.records.addresses import address, place
from quality.records import DEVIATION

from . import board as told
from .board import Board
from .counts import Count
from .programmes import leads_with_dates
from .queue import Whose


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, with its tone while there is any."""

    label: str
    tone: str
    glyph: str
    value: str
    small: str
    href: str


def figures(actor: Actor, board: Board, *, home_url: str, whose: Whose, now: datetime) -> tuple[Figure, ...]:
    """Up to four, by what the actor's day begins with; what the actor may not look at has none."""
    counts = board.counts
    soon, late, owing = (counts.get(name, Count()) for name in (told.SOON_OF, told.LATE_PARTNERS, told.ALL_PARTNERS))
    following = f"next in {span(soon.next - now)}" if soon.next else "nothing runs out"
    small = f"{soon.late} late" if soon.late and not soon.next else following
    found = [
        _figure("Clocks under 24 h", soon, "danger", "critical", small, f"{home_url}?whose={whose}&due=day#decisions")
    ]
    if leads_with_dates(actor):
        found += _of_dates(actor, board, home_url)
    elif DEVIATION.may(actor, "view"):
        listed = address(DEVIATION, "list", actor)
        critical, answered = counts.get(told.CRITICAL, Count()), counts.get(told.ANSWERED, Count())
        of_all = f"of {board.frame.open.get(DEVIATION.slug, Count()).words} open"
        found += [
            _figure(
                "Critical deviations", critical, "danger", "warn", of_all, f"{listed}?severity=CRITICAL&status=open"
            ),
            _figure(
                "Root causes to review", answered, "warn", "progress",
                "sent by partners" if answered.number else "all reviewed", f"{listed}?status=ANSWERED",
            ),
        ]  # fmt: skip
    oldest = f"oldest {span(now - late.first, fine=False)}" if late.first else f"of {owing.words} running"
    found.append(_figure("Partners late with us", late, "warn", "late", oldest, f"{place('partners', actor)}?late=yes"))
    return tuple(found)


def _of_dates(actor: Actor, board: Board, home_url: str) -> list[Figure]:
    """For who plans: which studies slip, and what stands still."""
    slipping, starts = board.counts.get(told.SLIPPING, Count()), board.counts.get(told.STARTS, Count())
    held, batches = board.counts.get(told.HELD, Count()), f"{address(BATCH, 'list', actor)}?on_hold=yes"
    return [
        _figure("Study starts slipping", slipping, "danger", "warn", f"of {starts.words}", f"{home_url}#programmes"),
        _figure(
            "Batches on hold",
            held,
            "warn",
            "hold",
            f"of {board.frame.open.get(BATCH.slug, Count()).words} open",
            batches,
        ),
    ]


def _figure(label: str, count: Count, tone: str, glyph: str, small: str, href: str) -> Figure:
    """Nothing to worry about is said by shape and tone, too."""
    return Figure(label, tone if count.number else "ok", glyph if count.number else "ok", count.words, small, href)
