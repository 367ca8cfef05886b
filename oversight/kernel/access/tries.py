"""Tries at a secret (password, one-time code), at signing in and at signing, each counted before it is looked at.

One count for each person whatever is guessed, and one for each address at which nobody is known, so that neither count
tells who exists. One statement counts: of any number of simultaneous tries no more are let through than there are.
Inside a transaction all of it happens on a second connection, since a refused request is rolled back, the count is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.crypto import salted_hmac

MOST = 5
LOCKED_MINUTES = 15
UNREAD = 429

_NOW = "coalesce(%(now)s::timestamptz, clock_timestamp())"

# The try that is the last one locks before it is looked at; if it is right, `forgive` opens again.
_COUNT = f"""
INSERT INTO access_tries AS t (subject, wrong) VALUES (%(subject)s, 1)
ON CONFLICT (subject) DO UPDATE SET
  wrong = CASE WHEN t.locked_until <= {_NOW} THEN 1 ELSE t.wrong + 1 END,
  locked_until = CASE WHEN t.locked_until <= {_NOW} THEN NULL
                      WHEN t.wrong + 1 = %(most)s THEN {_NOW} + make_interval(mins => %(minutes)s)
                      ELSE t.locked_until END
RETURNING wrong, locked_until
"""

# What another try has locked meanwhile stays locked.
_FORGIVE = """
UPDATE access_tries SET wrong = 0, locked_until = NULL
 WHERE subject = %(subject)s AND (locked_until IS NULL OR %(last)s)
"""
_GIVE_BACK = """
UPDATE access_tries SET wrong = CASE WHEN %(last)s THEN %(most)s ELSE wrong END - 1, locked_until = NULL
 WHERE subject = %(subject)s AND (locked_until IS NULL OR %(last)s)
"""
_CLEAR = "DELETE FROM access_tries WHERE subject = %(subject)s AND (locked_until IS NULL OR %(locked)s)"

_LOG = """
INSERT INTO access_securityevent (at, kind, user_id, tenant_id, email, address, request, path, status)
VALUES (clock_timestamp(), %(kind)s, %(user_id)s, %(tenant_id)s, %(email)s, %(address)s, %(request)s, %(path)s,
        %(status)s)
"""
Fact = str | int | None
_FACTS: dict[str, Fact] = {
    "user_id": None, "tenant_id": None, "email": "", "address": None, "request": "", "path": "", "status": None
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Try:
    """One try: the how manieth since the last right one, and until when all is locked by now."""

    number: int
    locked_until: datetime | None

    @property
    def unread(self) -> bool:
        """Whether it comes too late to be looked at."""
        return self.number > MOST

    @property
    def locks(self) -> bool:
        """Whether it is the one that locks, unless it is right."""
        return self.number == MOST

    @property
    def left(self) -> int:
        return max(0, MOST - self.number)


class Tally:
    """The tries of one subject."""

    def __init__(self, cursor: CursorWrapper, subject: str) -> None:
        self.cursor, self.subject = cursor, subject

    def count(self, now: datetime | None = None) -> Try:
        """Count one more try, at `now` or by the clock of the database."""
        facts = {"subject": self.subject, "now": now, "most": MOST, "minutes": LOCKED_MINUTES}
        self.cursor.execute(_COUNT, facts)
        return Try(*self.cursor.fetchone())

    def forgive(self, tried: Try) -> None:
        """It was right and nothing more is asked: begin anew."""
        self.cursor.execute(_FORGIVE, {"subject": self.subject, "last": tried.locks})

    def give_back(self, tried: Try) -> None:
        """It was right, but more is asked: this try does not count, those before it do."""
        self.cursor.execute(_GIVE_BACK, {"subject": self.subject, "last": tried.locks, "most": MOST})

    def clear(self, *, locked: bool = False) -> None:
        """Somebody proved everything that is asked; `locked`: by another way, which opens a lock too."""
        self.cursor.execute(_CLEAR, {"subject": self.subject, "locked": locked})

    def log(self, kind: str, **facts: Fact) -> None:
        """Add to the security log, where nothing rolls it back."""
        self.cursor.execute(_LOG, _FACTS | facts | {"kind": str(kind)})


@contextmanager
def tally(subject: str) -> Iterator[Tally]:
    """The tries of `subject`, where no rollback reaches them, in the role that the process already has."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield Tally(cursor, subject)
        return
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            yield Tally(cursor, subject)
    finally:
        beside.close()


def subject_of(person: int | None, *, address: str = "") -> str:
    """Under what the tries of a person are counted; of nobody known: under a digest of the address."""
    if person is not None:
        return f"person:{person}"
    return f"address:{salted_hmac('oversight.tries', address.strip().lower(), algorithm='sha256').hexdigest()[:40]}"


def in_words(until: datetime, zone: str = "UTC") -> str:
    """The next full minute, so that nobody comes a few seconds early."""
    full = (until + timedelta(seconds=59)).astimezone(UTC)
    if zone in ("", "UTC"):
        return f"{full:%H:%M} UTC"
    return f"{full:%H:%M} UTC ({full.astimezone(ZoneInfo(zone)):%H:%M} in {zone.replace('_', ' ')})"
