"""P10 and P11, end to end: one slip computed from rows and written, over reading those rows and copying dates back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

from django.db import connection, transaction
from django.utils import timezone

from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail.change import change
from techtransfer.forecast import recascade
from techtransfer.models import Milestone

from .exponent import exponent, in_words
from .ground import NOTED, SIZES, Ground
from .pace import PACE
from .race import Times, milliseconds, race
from .report import Row

TURNS = {200: 30, 1_000: 15, 10_000: 5, 100_000: 3}
GOAL, GROWTH = 3.0, 1.05

COPIED = "bench_copied"
_READ_STEPS = """
SELECT id, cdmo_id, site_id, status, duration_days, earliest_start, actual_start, actual_end, partner_end, held_until,
       baseline_end, forecast_start, forecast_end FROM techtransfer_milestone WHERE programme_id = %s
"""
_READ_LINKS = """
SELECT predecessor_id, successor_id, link, lag_days, lag_unit FROM techtransfer_dependency WHERE programme_id = %s
"""


def figures(grounds: dict[int, Ground]) -> Iterator[Row]:
    """A slip of one step, at each size; at the largest it is judged."""
    seconds: dict[int, float] = {}
    with connection_as("owner") as owner, owner.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {COPIED} (id bigint, start_on date, end_on date)")
        cursor.execute(f"GRANT INSERT ON {COPIED} TO app")
    sizes = PACE.sizes(SIZES)
    for size in sizes:
        times, moved = slip(grounds[size])
        seconds[size] = times["cascade"]
        goal = GOAL if size == sizes[-1] else None
        yield Row(
            "P10.end" if goal else f"P10.end {size:,}",
            f"a slip at {size:,} milestones, read, computed and written / SELECT and COPY of all",
            times["cascade"] / times["select_and_copy"],
            goal=goal,
            beside=f"{milliseconds(times)}; {moved:,} moved",
        )
    curve = tuple(seconds.items())
    few, most = sizes[1], sizes[-1]
    figure = f"growth of a slip end to end, {few:,} to {most:,} milestones"
    yield Row("P11.cascade", figure, exponent(curve[1:]), "", GROWTH, in_words(curve), curve=curve)


def slip(ground: Ground) -> tuple[Times, int]:
    """Seconds of either way, each undone afterwards, and how many steps the slip moved."""
    moved: list[int] = []

    def cascade(turn: int) -> None:
        moved.append(recascade(ground.programme, by=ground.actor, reasons=NOTED))

    def select_and_copy(turn: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_READ_STEPS, [ground.programme])
            rows = cursor.fetchall()
            cursor.execute(_READ_LINKS, [ground.programme])
            cursor.fetchall()
            lines = "".join(f"{row[0]}\t{row[11]}\t{row[12]}\n" for row in rows)
            cursor.copy_expert(f"COPY {COPIED} FROM STDIN", StringIO(lines))

    @contextmanager
    def slipped() -> Iterator[None]:
        with scope(ground.actor):
            with change(by=ground.actor, reason="A slip"):
                later = timezone.now().date() + timedelta(days=1_500)
                Milestone.objects.filter(pk=ground.slipping).update(earliest_start=later)
            yield
            transaction.set_rollback(True)

    return race(
        TURNS[ground.steps], around=slipped, warm_up=1, cascade=cascade, select_and_copy=select_and_copy
    ), moved[0]
