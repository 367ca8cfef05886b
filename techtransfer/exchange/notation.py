"""What a step waits for, in one cell, as Microsoft Project writes it: `12FS+3d;14SS`."""

import re
from collections.abc import Collection, Sequence

from .cells import shortened, whole_days
from .values import LinkRow, Place

_REST = re.compile(
    r"\s*(?:(?P<link>FS|SS|FF|SF)\s*)?(?:(?P<sign>[+-])\s*(?P<lag>\d{1,6}(?:\.\d{1,4})?)\s*(?P<unit>[a-z%]*)\s*)?",
    re.IGNORECASE,
)
_TAIL = re.compile(r" ?(?:FS|SS|FF|SF)? ?(?:[+-] ?[\d.]+ ?[a-z%]*)?$", re.IGNORECASE)  # of what names no step
# What each unit is: whole days of which kind, and how many to one of it.
_UNITS = {
    "d": ("WORKING", 1.0), "day": ("WORKING", 1.0), "days": ("WORKING", 1.0), "": ("WORKING", 1.0),
    "ed": ("ELAPSED", 1.0), "eday": ("ELAPSED", 1.0), "edays": ("ELAPSED", 1.0),
    "w": ("WORKING", 5.0), "wk": ("WORKING", 5.0), "wks": ("WORKING", 5.0), "week": ("WORKING", 5.0),
    "weeks": ("WORKING", 5.0), "ew": ("ELAPSED", 7.0), "ewk": ("ELAPSED", 7.0), "ewks": ("ELAPSED", 7.0),
    "h": ("WORKING", 1 / 8), "hr": ("WORKING", 1 / 8), "hrs": ("WORKING", 1 / 8), "eh": ("ELAPSED", 1 / 24),
    "mo": ("WORKING", 20.0), "mon": ("WORKING", 20.0), "mons": ("WORKING", 20.0), "emo": ("ELAPSED", 30.0),
}  # fmt: skip
HINT = "Write each as 12FS+3d: an ID, FS, SS, FF or SF, and a lag in d (working) or ed (elapsed days)."
MOST_OF_ONE = 1_000
LONGEST_PART = 140  # an id in quotation marks, a type and a lag


class Misread(ValueError):
    """The cell is not in the notation; the message is the sentence for it."""


def write_links(links: Sequence[LinkRow], known: Collection[str]) -> str:
    """The links of one successor in one cell; an id that could be read otherwise is quoted."""
    return ";".join(_written(link, known) for link in links)


def read_links(text: str, after: str, known: Collection[str], place: Place) -> tuple[list[LinkRow], list[str]]:
    """The links that the cell names, and warnings; raises Misread."""
    found, said = [], []
    parts = [part.strip() for part in text.split(";")]
    if len(parts) > MOST_OF_ONE:
        raise Misread(f"It waits for more than {MOST_OF_ONE} steps. Split the step.")
    for part in parts:
        if not part:
            continue
        if len(part) > LONGEST_PART:
            raise Misread(f"“{shortened(part)}” is longer than an ID and a lag. {HINT}")
        before, rest = _split(part, known)
        link = (rest.group("link") or "FS").upper()
        lag, unit = 0, "WORKING"
        if rest.group("lag"):
            word = rest.group("unit").lower()
            if word not in _UNITS:
                raise Misread(f"“{shortened(part)}” has a lag in “{shortened(word)}”, which is not known. {HINT}")
            unit, length = _UNITS[word]
            exact = float(rest.group("lag")) * length
            lag = whole_days(exact)
            if lag != exact:
                said.append(f"The lag of “{shortened(part)}” is not a whole number of days: taken as {lag}.")
            lag = -lag if rest.group("sign") == "-" else lag
        found.append(LinkRow(place, before, after, link, lag, unit))
    return found, said


def _split(part: str, known: Collection[str]) -> tuple[str, "re.Match[str]"]:
    """The id and what follows it: a quoted one as it is, else the longest that the file knows."""
    if part.startswith('"'):
        before, quote, rest = part[1:].partition('"')
        match = _REST.fullmatch(rest)
        if not quote or match is None:
            raise Misread(f"“{shortened(part)}” cannot be read. {HINT}")
        return before, match
    for end in range(min(len(part), 60), 0, -1):
        if part[end - 1].isspace():
            continue  # what is shorter by that is the same id
        if (before := part[:end].strip()) in known and (match := _REST.fullmatch(part[end:])):
            return before, match
    plain = " ".join(part.split())  # many blanks can be parted in many ways
    name = _TAIL.sub("", plain) or plain
    raise Misread(
        f"It waits for “{shortened(name)}”, and no step of the file has that ID. A CSV file has a "
        f"row for each step that it names. {HINT}"
    )


def _written(link: LinkRow, known: Collection[str]) -> str:
    sign = "+" if link.lag_days >= 0 else "-"
    lag = f"{sign}{abs(link.lag_days)}{'ed' if link.lag_unit == 'ELAPSED' else 'd'}"
    # An elapsed lag of nothing is told, too: it is read back as it was.
    tail = link.link + (lag if link.lag_days or link.lag_unit == "ELAPSED" else "")
    plain = f"{link.before}{tail}"
    try:
        read, _ = read_links(plain, link.after, known, link.place)
    except Misread:
        read = []
    same = len(read) == 1 and (read[0].key, read[0].lag_days, read[0].lag_unit) == (
        link.key,
        link.lag_days,
        link.lag_unit,
    )
    return plain if same else f'"{link.before}"{tail}'
