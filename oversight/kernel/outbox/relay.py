"""The relay: rings the workers for what is owed, and again until it is settled. It signs in as the role `relay`.

At whatever step it dies nothing is lost, since what it did not mark is rung for again; and nothing is doubled, since
whoever hears a second bell finds the work done.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg2
import psycopg2.extensions
from celery.exceptions import CeleryError
from django.conf import settings
from kombu.connection import Connection
from kombu.exceptions import KombuError
from redis import Redis, RedisError

from oversight.celery import app

from .bells import BELLS

BATCH = 100
POLL_SECONDS = 0.3
RING_AGAIN_SECONDS = 15.0  # twice as long after each ring, up to ten minutes
PATIENCE_SECONDS = 10.0  # the longest pause while the database or the broker is away
TELL_SECONDS = 5.0
TOLD_KEY = "oversight:relay"  # kept in the broker: what the relay says of itself is forgotten with it

_DUE = """
SELECT id, tenant_id FROM {table} WHERE state = 'WAITING' AND due_at <= clock_timestamp()
 ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
_RUNG = """
UPDATE {table} SET rings = rings + 1,
       due_at = clock_timestamp() + least(600, %s * 2 ^ least(rings, 20)) * interval '1 s'
 WHERE id = ANY(%s)
"""
_STANDING = """
SELECT coalesce(bool_or(state = 'FAILED'), false),
       coalesce(bool_or(state = 'WAITING' AND tries = 0
                        AND greatest(at, due_at) < clock_timestamp() - interval '1 minute'), false)
  FROM outbox_event WHERE state <> 'DONE'
"""
_AWAY = (psycopg2.Error, CeleryError, KombuError, RedisError, OSError)

Database = psycopg2.extensions.connection
Ring = Callable[[str, int, int], None]
logger = logging.getLogger(__name__)


class Broker:
    """The broker as the relay needs it: `ring` raises unless the broker took the message."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def ring(self, task: str, tenant: int, row: int) -> None:
        """Have `task` called for `row` of `tenant`."""
        if self._connection is None:
            self._connection = app.connection_for_write()
        app.send_task(task, kwargs={"tenant": tenant, "row": row}, connection=self._connection, retry=False)

    def close(self) -> None:
        """Begin the next time with a fresh connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.release()  # type: ignore[no-untyped-call]


def ring_due(database: Database, ring: Ring, *, again: float = RING_AGAIN_SECONDS) -> int:
    """Ring for one batch of each kind that is due and, once the broker has it, put it off; answers how many it were."""
    rung = 0
    for table, task in BELLS.items():
        with database, database.cursor() as cursor:
            cursor.execute(_DUE.format(table=table), [BATCH])
            due = cursor.fetchall()
            for row, tenant in due:
                ring(task, tenant, row)
            if due:
                cursor.execute(_RUNG.format(table=table), [again, [row for row, _ in due]])
        rung += len(due)
    return rung


@dataclass
class Relay:
    """One relay; several at once share the work."""

    url: str
    again: float = RING_AGAIN_SECONDS
    ended: threading.Event = field(default_factory=threading.Event)
    _broker: Broker = field(default_factory=Broker)
    _database: Database | None = None
    _told_at: float = float("-inf")

    def run(self) -> None:
        """Ring until `ended` is set; while database or broker are away, wait and try again."""
        failures = 0
        while not self.ended.is_set():
            try:
                pause = 0 if self._turn() else POLL_SECONDS
                failures = 0
            except _AWAY as error:
                self._close()
                failures += 1
                pause = min(PATIENCE_SECONDS, POLL_SECONDS * 2**failures)
                logger.warning("The relay waits %.1f s: %s", pause, str(error).strip() or type(error).__name__)
            self.ended.wait(pause)
        self._close()

    def _turn(self) -> int:
        if self._database is None:
            self._database = psycopg2.connect(self.url, connect_timeout=5, application_name="relay")
        rung = ring_due(self._database, self._broker.ring, again=self.again)
        if time.monotonic() - self._told_at > TELL_SECONDS:
            self._tell(self._database)
            self._told_at = time.monotonic()
        return rung

    def _tell(self, database: Database) -> None:
        with database, database.cursor() as cursor:
            cursor.execute(_STANDING)
            [(failed, behind)] = cursor.fetchall()
        said = "failing" if failed else "behind" if behind else "ok"
        with Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=2) as broker:
            broker.set(TOLD_KEY, said, ex=int(TELL_SECONDS * 4))

    def _close(self) -> None:
        self._broker.close()
        database, self._database = self._database, None
        if database is not None:
            database.close()


def standing(broker: Redis) -> str:
    """`ok`; `behind` (an event waits for over a minute); `failing` (one was given up); `no answer` from the relay."""
    told = broker.get(TOLD_KEY)
    return told.decode() if isinstance(told, bytes) else "no answer"
