"""Taking the next number of a series, in the transaction that creates its record.

No gap can arise, so none is registered: the counter is an ordinary row (not a sequence of the database, which does not
roll back), counted in the transaction that writes the record. If that transaction fails, the number was never given.
Two who create at once wait for each other at that row, which is why a number is best taken last.
"""

from dataclasses import dataclass
from datetime import date
from string import Formatter

from django.db import connection

from oversight.kernel.access.scope import current_actor
from oversight.kernel.trail.change import require_change

_COUNT_ON = """
INSERT INTO numbering_series (tenant_id, name, last) VALUES (%s, %s, %s)
ON CONFLICT (tenant_id, name) DO UPDATE SET last = numbering_series.last + EXCLUDED.last RETURNING last
"""


def take(series: str) -> int:
    """The next number of `series` at the present sponsor, from 1; raises UnattributedChange outside a change."""
    return take_many(series, 1)[0]


def take_many(series: str, count: int) -> range:
    """The next `count` numbers, for an import, in one statement."""
    if count < 1:
        raise ValueError(f"{count} numbers cannot be taken.")
    require_change(creating=True)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ON, [current_actor().tenant, series, count])
        (last,) = cursor.fetchone()
    return range(last - count + 1, last + 1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How the numbers of a record type look: `DEV-{year:02}-{number:04}` gives DEV-26-0412.

    What stands before the number is the series, so that counting begins anew with the year if the pattern names it.
    A series that outgrows its digits goes on with one more.
    """

    text: str

    def __post_init__(self) -> None:
        names = [name for _, name, _, _ in Formatter().parse(self.text) if name is not None]
        if names not in (["number"], ["year", "number"]) or not self.text.endswith("}"):
            raise ValueError(f"{self.text} must end with its {{number}}, and may name the {{year}} before it.")

    def series(self, on: date) -> str:
        """The series of a record created `on` that day: DEV-26."""
        return self.text.partition("{number")[0].format(year=on.year % 100).rstrip("-")

    def show(self, number: int, on: date) -> str:
        """The number as it is printed: DEV-26-0412."""
        return self.text.format(year=on.year % 100, number=number)

    def next(self, on: date) -> str:
        """Take the next number of the series of that day."""
        return self.show(take(self.series(on)), on)

    def next_many(self, count: int, on: date) -> list[str]:
        """Take the next `count` numbers, for an import."""
        return [self.show(number, on) for number in take_many(self.series(on), count)]
