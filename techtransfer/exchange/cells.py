"""One cell of a table: text from a CSV file, or a value from a workbook, as the column takes it."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from .columns import CHOICE, DAY, NUMBER, Column

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 1, 1)
MOST = 1_000_000
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_WHOLE = re.compile(r"([+-]?\d{1,9})(?:\.0+)?")
_FRACTION = re.compile(r"[+-]?(?:\d+\.\d*|\d*\.\d+)(?:[eE][+-]?\d+)?")


class Unreadable(ValueError):
    """The cell does not hold what its column takes; the message is the sentence for it."""


def is_blank(value: Any) -> bool:
    """Whether the cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_cell(column: Column, value: Any) -> tuple[Any, str]:
    """The value and, where it is taken otherwise than it stands there, a warning; raises Unreadable."""
    if isinstance(value, bool):
        raise Unreadable(f"{column.heading} takes {_wants(column)}, not yes or no.")
    if column.kind == DAY:
        return read_day(column, value), ""
    if column.kind == NUMBER:
        return read_number(column, value)
    text = read_text(column, value)
    return (read_choice(column, text), "") if column.kind == CHOICE else (text, "")


def read_text(column: Column, value: Any) -> str:
    """The text of a cell; a workbook has numbers where somebody typed 12."""
    if isinstance(value, datetime | date | timedelta) or not isinstance(value, str | int | float):
        raise Unreadable(f"{column.heading} takes text. Format the cell as text and type it again.")
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise Unreadable(f"{column.heading} takes text, and this is no number either.")
        value = int(value) if value.is_integer() and abs(value) < 10**15 else value
    text = str(value).strip()
    if len(text) > column.longest:
        raise Unreadable(f"{column.heading} has {len(text)} characters; {column.longest} is the most.")
    demand_seen(column.heading, text)
    return text


def demand_seen(heading: str, text: str) -> None:
    """Raise Unreadable for what no file takes back, and nobody sees: a control character, or half of a pair."""
    if unseen := unseen_in(text):
        raise Unreadable(
            f"{heading} holds a character that nobody sees (U+{ord(unseen):04X}), such as a line break, at place "
            f"{text.index(unseen) + 1}. Take it out."
        )


def unseen_in(text: str) -> str:
    """The first such character; empty where there is none. One rule for every text of every format."""
    return next((mark for mark in text if unicodedata.category(mark) in ("Cc", "Cs")), "")


def read_choice(column: Column, text: str) -> str:
    """The code of one of the values on offer, by code or by words, in any case."""
    wanted = " ".join(text.replace("_", " ").split()).casefold()
    for code, label in (column.choices or {}).items():
        if wanted in (code.replace("_", " ").casefold(), label.casefold()):
            return code
    offered = ", ".join((column.choices or {}).values())
    raise Unreadable(f"{column.heading} knows no “{shortened(text)}”. Choose one of: {offered}.")


def read_day(column: Column, value: Any) -> date:
    """A day; a time of the day is left out."""
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        found = _DATE.fullmatch(str(value).strip()) if isinstance(value, str) else None
        if found is None:
            raise Unreadable(
                f"{column.heading} takes a date such as 2027-03-15, not “{shortened(str(value))}”: in a workbook, "
                "format the cell as a date."
            )
        try:
            value = date(*(int(part) for part in found.groups()))
        except ValueError:
            raise Unreadable(f"There is no {shortened(str(value))} in the calendar.") from None
    if not FIRST_DAY <= value < LAST_DAY:
        raise Unreadable(f"{column.heading} takes a day from 1990 to 2099, not {value.isoformat()}.")
    return value


def read_number(column: Column, value: Any) -> tuple[int, str]:
    """A whole number; a fraction is rounded up to a whole day, and said."""
    if isinstance(value, str):
        text = value.strip()
        if found := _WHOLE.fullmatch(text):
            value = int(found.group(1))
        elif _FRACTION.fullmatch(text) and len(text) < 30:
            value = float(text)
    if isinstance(value, float) and value == value and abs(value) < MOST:
        whole = whole_days(value)
        said = "" if whole == value else f"{column.heading} {value:g} is not a whole number of days: taken as {whole}."
        return whole, said
    if isinstance(value, int) and abs(value) < MOST:
        return value, ""
    raise Unreadable(f"{column.heading} takes a whole number of days, not “{shortened(str(value))}”.")


def whole_days(days: float) -> int:
    """Whole days that hold so many: half a day takes a day. What is a hair off a whole one is that one."""
    nearest = round(days)
    if abs(days - nearest) < 1e-6:
        return nearest
    return int(days) + 1 if days > 0 else -(int(-days) + 1)


def shortened(text: str) -> str:
    """A stranger's own words, fit to be said back."""
    plain = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text[:61])
    return plain if len(plain) <= 60 else f"{plain[:57]}…"


def _wants(column: Column) -> str:
    return {DAY: "a date", NUMBER: "a whole number of days"}.get(column.kind, "text")
