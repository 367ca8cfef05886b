"""Cursors: where a page of a list begins, as text that an address carries and anybody may have tampered with."""

import base64
import json
from typing import Any

LONGEST = 4_000  # above the longest that any sort key makes
BIGGEST_KEY = 2**63 - 1


def cursor_of(*parts: Any) -> str:
    """The text for a place in a list; the last part is the key of a row."""
    text = json.dumps(parts, default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parts_of(cursor: str, count: int) -> list[Any] | None:
    """The `count` parts of a cursor; None for one that nobody made here."""
    if len(cursor) > LONGEST:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != count:
            return None
        for part in parts:
            str(part).encode()  # half a surrogate pair is no text
    except (ValueError, TypeError, RecursionError):
        return None
    key = parts[-1]
    return parts if type(key) is int and 0 <= key <= BIGGEST_KEY else None
