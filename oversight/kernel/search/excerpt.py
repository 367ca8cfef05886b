"""The words that were looked for, marked where they stand; every text is escaped."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe

AROUND = 90  # characters on either side of the first word
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u1fff\u2c00-\u2fff\u3040-\U0010ffff]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")


def folded(text: str) -> str:
    """Small letters without accents, as `access.words` compares them."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(folded(text))


def squeezed(number: str) -> str:
    """Capitals and digits of a number, as `access.squeezed` has it."""
    return re.sub("[^0-9A-Z]+", "", number.upper())[:60]


class Marker:
    """Marks the words that begin as those of one search."""

    def __init__(self, sought: str) -> None:
        self.words = tuple(dict.fromkeys(words_of(sought)))[:12]
        self.key = squeezed(sought)

    def __call__(self, text: str) -> SafeString:
        """The text as HTML, with its words marked."""
        parts, last = [], 0
        for start, end in self._places(text):
            parts += [escape(text[last:start]), f"<mark>{escape(text[start:end])}</mark>"]
            last = end
        return mark_safe("".join([*parts, escape(text[last:])]))  # noqa: S308  every part is escaped

    def around(self, text: str) -> SafeString:
        """The stretch of a long text in which the first of the words stands, marked."""
        text = " ".join(text.split())
        first = next(self._places(text), (0, 0))[0]
        start, end = max(0, first - AROUND), first + 2 * AROUND
        if start:
            start = text.find(" ", start, first) + 1 or start
        if end < len(text):
            end = max(text.rfind(" ", first + 1, end), first + AROUND)
        lead, tail = "… " if start else "", " …" if end < len(text) else ""
        return mark_safe(lead + self(text[start:end]) + tail)  # noqa: S308  marked text is escaped

    def count(self, text: str) -> int:
        """How many of the words the text has."""
        there = words_of(text)
        return sum(any(_begins(word, sought) for word in there) for sought in self.words)

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        for found in _WORD.finditer(text):
            word = folded(found.group())
            if any(_begins(word, sought) for sought in self.words):
                yield found.span()


def _begins(word: str, sought: str) -> bool:
    """A single letter stands for itself."""
    return word.startswith(sought) if len(sought) > 1 else word == sought
