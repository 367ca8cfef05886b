"""Between the days that people read and the whole, half-open days of the engine: the one border between the two."""

from datetime import date

from django.db.models import Field, Func

FIRST = date(2000, 1, 1)
EPOCH = FIRST.toordinal()


class _AsItComes(Field):
    """What the database gives, which is a whole number: Django's own field would have each converted to one again."""


class DayNumber(Func):
    """A column of dates as day numbers, so that no date is made of what only the engine reads."""

    template = f"(%(expressions)s - DATE '{FIRST:%Y-%m-%d}')"
    output_field = _AsItComes()


def day_of(when: date) -> int:
    """The engine's number of a day."""
    return when.toordinal() - EPOCH


def date_of(day: int) -> date:
    """The day of that number."""
    return date.fromordinal(day + EPOCH)


def finish_of(end: int, duration: int) -> int:
    """The day after the last one, on which an activity is over; a moment ends on the day on which it is."""
    return end + 1 if duration else end


def end_of(start: int, finish: int) -> int:
    """The last day of [start, finish), which is what people call the end; of a moment, its day."""
    return finish - 1 if finish > start else finish
