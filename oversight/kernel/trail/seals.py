"""Blocks of finished transactions, chained and signed with a key that the database never sees."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.db.backends.utils import CursorWrapper

from oversight.kernel.database.roles import connection_as

from . import published
from .audited import audited
from .models import Block, SealerRun

DIGEST_SIZE = 32
LATE_AFTER = timedelta(minutes=3)


class SealRefused(RuntimeError):
    """Sealing on would bless a cut chain."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The rows that one tenant has in one table in one block."""

    table: str
    tenant: int
    keys: list[int]
    digests: bytes  # DIGEST_SIZE bytes a key

    def rows(self) -> dict[int, bytes]:
        """Each key with its digest; an empty one where the digests are too short for the keys."""
        return {key: self.digests[n * DIGEST_SIZE : (n + 1) * DIGEST_SIZE] for n, key in enumerate(self.keys)}


@dataclass(frozen=True, slots=True)
class Head:
    """What a block says of itself; its digest covers its leaves, and its MAC the digest."""

    number: int
    since: int
    before: int
    cluster: str
    sealed_at: datetime
    previous: bytes
    digest: bytes = b""
    mac: bytes = b""

    def over(self, leaves: list[Leaf]) -> bytes:
        """SHA-256 over the head and its leaves in the order of table and tenant."""
        said = f"{self.number}:{self.since}:{self.before}:{self.cluster}:{self.sealed_at.astimezone(UTC).isoformat()}:"
        total = sha256(said.encode() + self.previous)
        for leaf in sorted(leaves, key=lambda leaf: (leaf.table, leaf.tenant)):
            total.update(f"{leaf.table}:{leaf.tenant}:{len(leaf.keys)}:".encode())
            total.update(b"".join(key.to_bytes(8, signed=True) for key in leaf.keys))
            total.update(leaf.digests)
        return total.digest()


_HEADS = "SELECT number, since, before, cluster, sealed_at, previous, digest, mac FROM trail_block"


def seal(now: datetime | None = None) -> int | None:
    """Seal what finished transactions wrote since the last block; answer the block's number, None for nothing new.

    Runs as the sealer. Raises SealRefused when heads were published that the database no longer has, when the published
    heads are gone, or when another sealer is at work. Whatever happens is noted for the health page.
    """
    try:
        with sealer() as cursor:
            head = _seal(cursor, now or datetime.now(UTC))
        with sealer() as cursor:
            last = published.newest()
            published.publish(heads_after(cursor, last.number if last else 0))
            waiting = _waiting(cursor)
    except Exception as refusal:
        _note(f"refused: {refusal}")
        raise
    _note(waiting or "ok")
    return head.number if head else None


def _seal(cursor: CursorWrapper, now: datetime) -> Head | None:
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('trail.seal'))")
    if not cursor.fetchone()[0]:
        raise SealRefused("another session holds the lock of the seal")
    cursor.execute("SELECT trail.begin_incarnation()")
    cursor.execute("SELECT trail.settled(), (SELECT system_identifier::text FROM pg_control_system())")
    before, cluster = cursor.fetchone()
    last = next(_heads(cursor, f"{_HEADS} ORDER BY number DESC LIMIT 1"), None)
    _refuse_a_broken_chain(last, cluster)
    since = last.before if last else 0
    leaves = [leaf for _, leaf in read_leaves(cursor, [since, before])] if before > since else []
    if not leaves:  # a seal consumes a transaction id itself: an empty block every minute would be noise
        return None
    draft = Head((last.number if last else 0) + 1, since, before, cluster, now, last.digest if last else b"")
    digest = draft.over(leaves)
    cursor.execute(
        "INSERT INTO trail_block (number, since, before, cluster, sealed_at, previous, digest, mac)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [draft.number, since, before, cluster, now, draft.previous, digest, mac_of(digest)],
    )
    for leaf in leaves:
        cursor.execute(
            'INSERT INTO trail_part (block_id, "table", tenant_id, keys, digests) VALUES (%s, %s, %s, %s, %s)',
            [draft.number, leaf.table, leaf.tenant, leaf.keys, leaf.digests],
        )
    return draft


def _refuse_a_broken_chain(last: Head | None, cluster: str) -> None:
    """Sealing on would bless it: heads that are gone from the database, or published heads that are gone."""
    line, number = published.newest(), last.number if last else 0
    if line and line.number > number:
        raise SealRefused(f"heads {number + 1} to {line.number} were published and are gone; run verify_trail")
    just_begun = number == 1 and last is not None and datetime.now(UTC) - last.sealed_at < LATE_AFTER
    if last and not line and settings.SEAL_LOG and last.cluster == cluster and not just_begun:
        raise SealRefused("no published head is found, though there are blocks: bring the seal log back")


def _waiting(cursor: CursorWrapper) -> str:
    """A transaction that stays open keeps everything after it from being sealed: say so once it is minutes old."""
    cursor.execute(
        "SELECT min(xact_start) FROM pg_stat_activity"
        " WHERE backend_xid IS NOT NULL AND xact_start < now() - %s::interval",
        [str(LATE_AFTER)],
    )
    (since,) = cursor.fetchone()
    return f"waiting: a transaction is open since {since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if since else ""


def read_leaves(cursor: CursorWrapper, bounds: list[int]) -> Iterator[tuple[int, Leaf]]:
    """The leaves as the history tables are now, with the number (from 1) of the window between `bounds` they lie in."""
    for each in sorted(audited(), key=lambda each: each.history):
        tenant = each.tenant_column or "NULL::bigint"
        cursor.execute("SELECT * FROM trail.leaves(%s, 'history_id', %s, %s)", [each.history, tenant, bounds])
        for slot, owner, keys, digests in cursor.fetchall():
            yield slot, Leaf(each.history, owner, keys, bytes(digests))


def sealed_leaves(cursor: CursorWrapper, first: int, last: int) -> dict[int, list[Leaf]]:
    """The leaves as they were sealed in blocks `first` to `last`, by block."""
    cursor.execute(
        'SELECT block_id, "table", tenant_id, keys, digests FROM trail_part'
        ' WHERE block_id BETWEEN %s AND %s ORDER BY block_id, "table", tenant_id',
        [first, last],
    )
    rows = cursor.fetchall()
    return {
        number: [Leaf(table, tenant, keys, bytes(digests)) for _, table, tenant, keys, digests in group]
        for number, group in groupby(rows, key=lambda row: row[0])
    }


def all_heads(cursor: CursorWrapper) -> list[Head]:
    """The heads in the database, in order."""
    return list(_heads(cursor, f"{_HEADS} ORDER BY number"))


def heads_after(cursor: CursorWrapper, number: int) -> list[Head]:
    """The heads above `number`, in order."""
    return list(_heads(cursor, f"{_HEADS} WHERE number > %s ORDER BY number", [number]))


def _heads(cursor: CursorWrapper, query: str, values: list[int] | None = None) -> Iterator[Head]:
    cursor.execute(query, values)
    for number, since, before, cluster, sealed_at, previous, digest, mac in cursor.fetchall():
        yield Head(number, since, before, cluster, sealed_at, bytes(previous), bytes(digest), bytes(mac))


def mac_of(digest: bytes) -> bytes:
    """HMAC-SHA-256 with the key in SEAL_KEY_FILE; raises ImproperlyConfigured without one."""
    if not settings.SEAL_KEY_FILE:
        raise ImproperlyConfigured("Sealing needs its key: set SEAL_KEY_FILE.")
    return hmac.digest(Path(settings.SEAL_KEY_FILE).read_bytes().strip(), digest, "sha256")


@contextmanager
def sealer(isolation: str = "READ COMMITTED") -> Iterator[CursorWrapper]:
    """One transaction of the sealer, on a connection of its own."""
    with connection_as("sealer") as connection, connection.cursor() as cursor:
        cursor.execute(f"BEGIN ISOLATION LEVEL {isolation}; SET LOCAL lock_timeout = '10s'")
        try:
            yield cursor
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


def _note(outcome: str) -> None:
    with sealer() as cursor:
        cursor.execute(
            "INSERT INTO trail_sealerrun (id, ran_at, outcome) VALUES (1, clock_timestamp(), %s)"
            " ON CONFLICT (id) DO UPDATE SET ran_at = excluded.ran_at, outcome = excluded.outcome",
            [outcome],
        )


def health() -> str:
    """`pending` until the first run; then `ok`, `late` (no run or nothing settled for minutes), `broken` (refused)."""
    try:
        run = SealerRun.objects.first()
    except DatabaseError:
        return "unknown"
    if run is None:
        return "pending"
    if run.outcome.startswith("refused"):
        return "broken"
    return "ok" if run.outcome == "ok" and datetime.now(UTC) - run.ran_at <= LATE_AFTER else "late"


@dataclass(frozen=True, slots=True)
class SealStatus:
    """How far the trail is sealed, for the foot of a history page."""

    number: int | None
    sealed_at: datetime | None
    before: int

    def covers(self, txid: int) -> bool:
        return txid < self.before


def seal_status() -> SealStatus:
    """The newest block, read by the application."""
    last = Block.objects.order_by("-number").only("number", "sealed_at", "before").first()
    return SealStatus(last.number, last.sealed_at, last.before) if last else SealStatus(None, None, 0)
