"""How a write is refused; nothing was written when one of these is raised."""

import unicodedata
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied

from .models import Case

NO_REASON = "Say why you change it. The reason is kept in the history."
NO_REASON_TO_MOVE = "Say why. The reason is kept in the history."


class NotAllowed(PermissionDenied):
    """The actor sees the record but may not do this to it."""


class Refused(Exception):
    """Allowed, but not now: each sentence says what has to come first."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class Stale(Exception):
    """The record was changed since the person opened it; `record` is how it stands now."""

    def __init__(self, record: Case) -> None:
        super().__init__("Somebody changed this record after you opened it.")
        self.record = record


class Unchanged(Exception):
    """What was typed equals what is on record, so that there is nothing to write."""


def listed(words: Sequence[str]) -> str:
    """DEP-00001, DEP-00002 and DEP-00003: what a sentence asks for, by number."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def is_blank(reason: str) -> bool:
    """Whether `reason` shows no letter, number, punctuation or symbol: zero-width characters say nothing either."""
    return not any(unicodedata.category(character)[0] in "LNPS" for character in reason)
