"""Whether this process tells the time that the database tells: sessions, codes and deadlines rest on its clock.

The database is asked once for each connection. In between, the clock is held against the one that nobody can set.
"""

import time

from django.db import Error, connection
from django.db.backends.utils import CursorWrapper

MOST = 30.0  # seconds; the period of a one-time code
_ASK = "SELECT extract(epoch FROM clock_timestamp())::float8"

_known: float | None = None  # the database's clock, less our monotonic one


class WrongTime(RuntimeError):
    """The clock of this process is not the database's: what it computes from now on would be wrong."""


def compare(cursor: CursorWrapper) -> None:
    """Note what the database's clock shows, on a connection that was just made."""
    global _known
    began = time.monotonic()
    cursor.execute(_ASK)
    [shown] = cursor.fetchone()
    _known = shown - (began + time.monotonic()) / 2


def seconds_ahead() -> float:
    """By how much the clock of this process is ahead of the database's; 0 while nobody knows."""
    try:
        if _known is None:
            connection.ensure_connection()
        if abs(_ahead()) > MOST:  # or the machine slept: ask once more before anybody is refused
            with connection.cursor() as cursor:
                compare(cursor)
    except Error:
        return 0.0  # who cannot reach the database writes nothing
    return _ahead()


def insist() -> None:
    """Raise WrongTime where the clock is off by more than is borne."""
    ahead = seconds_ahead()
    if abs(ahead) > MOST:
        raise WrongTime(f"The clock of this process is {in_words(ahead)}.")


def in_words(ahead: float) -> str:
    """`10800 s ahead of the database's`."""
    return f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the database's"


def _ahead() -> float:
    return 0.0 if _known is None else time.time() - time.monotonic() - _known
