"""Tries at signing, each counted before its password is looked at.

All of it happens on a second connection: the transaction of a refused request is rolled back, the count is not. One
statement counts, so that of any number of simultaneous tries no more are let through than there are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from oversight.kernel.access.scope import Actor

MOST = 5
LOCKED_MINUTES = 15
UNREAD = 429

# The try that is the last one locks before it is looked at; if it is right, `forgive` opens again.
_COUNT = """
INSERT INTO esign_signingtries AS t (user_id, wrong) VALUES (%(user)s, 1)
ON CONFLICT (user_id) DO UPDATE SET
  wrong = CASE WHEN t.locked_until <= {now} THEN 1 ELSE t.wrong + 1 END,
  locked_until = CASE WHEN t.locked_until <= {now} THEN NULL
                      WHEN t.wrong + 1 = %(most)s THEN {now} + make_interval(mins => %(minutes)s)
                      ELSE t.locked_until END
RETURNING wrong, locked_until
""".format(now="coalesce(%(now)s::timestamptz, clock_timestamp())")

# What another try has locked meanwhile stays locked.
_FORGIVE = """
UPDATE esign_signingtries SET wrong = 0, locked_until = NULL WHERE user_id = %s AND (locked_until IS NULL OR %s)
"""

_LOG = """
INSERT INTO access_securityevent (at, kind, user_id, tenant_id, email, request, path, status)
VALUES (clock_timestamp(), %s, %s, %s, %s, %s, '', %s)
"""


@dataclass(frozen=True, slots=True)
class Try:
    """One try: the how manieth since the last right one, and until when signing is locked by now."""

    number: int
    locked_until: datetime | None

    @property
    def unread(self) -> bool:
        return self.number > MOST

    @property
    def left(self) -> int:
        return max(0, MOST - self.number)


class Tally:
    """The tries of one person."""

    def __init__(self, cursor: CursorWrapper, by: Actor, email: str) -> None:
        self.cursor, self.by, self.email = cursor, by, email

    def count(self, now: datetime | None) -> Try:
        """Count one more try, at `now` or by the clock of the database."""
        self.cursor.execute(_COUNT, {"user": self.by.user, "now": now, "most": MOST, "minutes": LOCKED_MINUTES})
        return Try(*self.cursor.fetchone())

    def forgive(self, tried: Try) -> None:
        """The password was right: begin anew."""
        self.cursor.execute(_FORGIVE, [self.by.user, tried.number == MOST])

    def log(self, tried: Try) -> None:
        """Write a try that failed to the security log; and, if it was the last one, that signing is locked now."""
        from oversight.kernel.access.models import SecurityEvent

        self._log(SecurityEvent.Kind.SIGNING_FAILED, UNREAD if tried.unread else None)
        if tried.number == MOST:
            self._log(SecurityEvent.Kind.SIGNING_LOCKED, None)

    def _log(self, kind: str, status: int | None) -> None:
        facts = [str(kind), self.by.user, self.by.tenant, self.email, self.by.request, status]
        self.cursor.execute(_LOG, facts)


@contextmanager
def tally(by: Actor, *, email: str) -> Iterator[Tally]:
    """The tries of the person who acts, on a connection of their own, in the role that the process already has."""
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            yield Tally(cursor, by, email)
    finally:
        beside.close()
