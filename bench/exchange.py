"""Plan files: what taking one in costs over copying its rows (P8), and how that and giving one out grow (P11)."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail.change import change
from techtransfer.exchange.csv_out import written
from techtransfer.exchange.exporting import export_plan
from techtransfer.exchange.staging import commit, stage
from techtransfer.models import Product, Programme

from .exponent import Curve, exponent, in_words
from .ground import Ground
from .pace import PACE
from .race import Times, milliseconds, race
from .report import Row

GOAL_COPIED, GOAL_GROWTH = 35.0, 1.05
IMPORTED = (200, 1_000, 10_000)  # a plan file has 10,000 rows at most
EXPORTED = (200, 1_000, 10_000, 100_000)
TURNS = {200: 20, 1_000: 10, 10_000: 3, 100_000: 2}
COPIES = {"techtransfer_milestone": "bench_step", "techtransfer_dependency": "bench_link"}
HAPPENED = ("Started", "Finished")
FIRST = b",Step 0,"


def figures(grounds: dict[int, Ground]) -> Iterator[Row]:
    """The share of COPY at each size, of which the largest is judged; then how both grow."""
    taken: dict[int, float] = {}
    given: dict[int, float] = {}
    for table, copied in COPIES.items():
        with connection_as("owner") as owner, owner.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {copied} (LIKE {table} INCLUDING ALL)")
            cursor.execute(f"GRANT INSERT ON {copied} TO app")
    for size in PACE.sizes(EXPORTED):
        given[size] = _exported(grounds[size])
    sizes = [size for size in IMPORTED if size in given]
    for size in sizes:
        plan = _Plan.of(grounds[size])
        times = plan.race()
        taken[size] = times["imported"]
        what = f"a plan of {size:,} steps read, validated, taken in with history and outbox: share of COPY of its rows"
        goal = GOAL_COPIED if size == sizes[-1] else None
        share = 100 * times["copied"] / times["imported"]
        yield Row("P8" if goal else f"P8 {size:,}", what, share, " %", goal, milliseconds(times), at_least=True)
    yield _grown("import", "taking a plan file in", tuple(taken.items()))
    yield _grown("export", "giving a plan out as CSV", tuple(given.items()))


def _grown(name: str, what: str, curve: Curve) -> Row:
    """What a file costs by itself hides how the rest grows: the smallest size is not in it."""
    rest = curve[1:]
    sizes = f"{rest[0][0]:,} to {rest[-1][0]:,}"
    return Row(f"P11.{name}", f"growth of {what}, {sizes} steps", exponent(rest), "", GOAL_GROWTH, in_words(curve),
               curve=curve)  # fmt: skip


def _exported(ground: Ground) -> float:
    with scope(ground.lead):
        programme = Programme.objects.visible_to(ground.lead).select_related("product").get(pk=ground.programme)
        return race(
            TURNS[ground.steps], warm_up=1, exported=lambda turn: export_plan(programme, "csv", by=ground.lead)
        )["exported"]


def _unbegun(content: bytes) -> bytes:
    """The file without what has happened: the plans that are measured end some of it after today."""
    lines = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    happened = {lines[0].index(heading) for heading in HAPPENED}
    return written([["" if place in happened else cell for place, cell in enumerate(line)] if number else line
                    for number, line in enumerate(lines)])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan as a file, the empty programme that takes it in, and the same rows as text for COPY."""

    ground: Ground
    programme: Programme
    content: bytes
    rows: dict[str, str]

    @classmethod
    def of(cls, ground: Ground) -> "_Plan":
        lead = ground.lead
        with change(by=lead):
            programme = Programme.objects.create(product=Product.objects.get(), title="Empty", phase="PHASE_2")
        with scope(lead):
            full = Programme.objects.visible_to(lead).select_related("product").get(pk=ground.programme)
            content, rows = _unbegun(export_plan(full, "csv", by=lead)), {}
            for table in COPIES:
                into = StringIO()
                with connection.cursor() as cursor:
                    where = f"SELECT * FROM {table} WHERE programme_id = {ground.programme:d}"
                    cursor.copy_expert(f"COPY ({where}) TO STDOUT", into)
                rows[table] = into.getvalue()
        assert content.count(FIRST) == 1
        return cls(ground, programme, content, rows)

    def race(self) -> Times:
        """Seconds of either way, each undone afterwards."""
        return race(TURNS[self.ground.steps], around=self._undone, warm_up=1, imported=self._take, copied=self._copy)

    @contextmanager
    def _undone(self) -> Iterator[None]:
        with scope(self.ground.lead):
            yield
            transaction.set_rollback(True)

    def _take(self, turn: int) -> None:
        """As a person does: brought and looked at, then taken in as it was shown."""
        fresh = self.content.replace(FIRST, b",Step 0 of turn %d," % turn)  # else its bytes would be kept already
        staged = stage(self.programme, SimpleUploadedFile("plan.csv", fresh), by=self.ground.lead)
        assert staged.report["errors"] == 0, staged.report["findings"][:3]
        commit(staged, by=self.ground.lead, reason="Measured", seen=staged.digest)

    def _copy(self, turn: int) -> None:
        with connection.cursor() as cursor:
            for table, copied in COPIES.items():
                cursor.copy_expert(f"COPY {copied} FROM STDIN", StringIO(self.rows[table]))
