"""Recompute all seals and say, row by row, what is not as it was sealed."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.backends.utils import CursorWrapper

from . import published
from .audited import audited
from .seals import Head, Leaf, all_heads, mac_of, read_leaves, sealed_leaves, sealer

ROWS_AT_A_TIME = 200_000
END_OF_TIME = 2**62
LONG_AGO, FAR_AHEAD = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; a row is named by its table, its key there and its tenant."""

    problem: str
    table: str = ""
    key: int | None = None
    tenant: int | None = None
    block: int | None = None

    def __str__(self) -> str:
        if self.key is None:
            return self.problem
        key = "history_id" if self.table.rpartition("_")[2].startswith("historical") else "id"
        where = f" block={self.block}" if self.block else ""
        return f"{self.problem}: table={self.table} {key}={self.key} tenant={self.tenant}{where}"


@dataclass(slots=True)
class Verdict:
    """What verify found, over how much."""

    findings: list[Finding]
    notes: list[str]
    blocks: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of transaction ids: one block's, or a gap that no block covers."""

    before: int
    head: Head | None


def verify() -> Verdict:
    """Check the chain, every sealed row, the rows that no block covers, and each record against its newest version.

    Runs as the sealer, in one snapshot; the published heads are read first, since they follow the database.
    """
    lines = published.lines()
    verdict = Verdict([], [])
    with sealer("REPEATABLE READ") as cursor:
        heads = all_heads(cursor)
        verdict.blocks = len(heads)
        # Asked of PostgreSQL itself: a function of ours could be made to tell of another cluster.
        cursor.execute("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
        (cluster,) = cursor.fetchone()
        cursor.execute("SELECT FROM trail_incarnation WHERE cluster = %s", [cluster])
        begun = bool(cursor.rowcount)
        verdict.findings += _chain(heads)
        covered = _compare_published(verdict, heads, lines, cluster)
        windows = _windows(heads, covered)
        verdict.findings += _rows(cursor, windows, verdict)
        if begun:
            verdict.findings += _after_the_last(cursor, windows, verdict)
        else:  # transaction ids are not lifted yet: all that was restored seems to come later
            verdict.notes.append("restored into a new cluster, whose first seal or migrate is still to come")
        verdict.findings += _drift(cursor)
    return verdict


def _chain(heads: list[Head]) -> Iterator[Finding]:
    number, before, digest = 0, 0, b""
    for head in heads:
        if head.number != number + 1:
            yield Finding(f"blocks {number + 1} to {head.number - 1} are missing")
        elif head.since != before or head.previous != digest:
            yield Finding(f"block {head.number} does not follow block {number}")
        number, before, digest = head.number, head.before, head.digest


def _compare_published(
    verdict: Verdict, heads: list[Head], lines: list[published.Line | published.Acceptance], cluster: str
) -> int:
    """Hold the chain against what was published; answer up to which transaction id the published heads reach."""
    due: dict[int, published.Line] = {}  # the head that should stand at each number, as the log goes on
    for line in lines:
        if isinstance(line, published.Acceptance):
            if not hmac.compare_digest(mac_of(line.said()), line.mac):
                verdict.findings.append(Finding("a line of the seal log claims an accepted restore and is not signed"))
                continue
            for number in [number for number in due if number > line.number]:
                verdict.notes.append(f"block {number} was lost in a restore that {line.by} accepted: {line.why}")
                del due[number]
        elif (known := due.get(line.number)) and known != line:
            verdict.findings.append(Finding(f"block {line.number} was published twice, differently"))
        else:
            due[line.number] = line
    if heads and not lines:
        if heads[-1].cluster == cluster:
            verdict.findings.append(Finding("no head is published outside the database: the seal log is missing"))
        else:
            verdict.notes.append("restored, and no published heads here yet: a cut tail could not be found")
    newest = max(due, default=0)
    for head in heads if lines else []:
        said = due.pop(head.number, None)
        if said is None and head.number <= newest:
            verdict.findings.append(Finding(f"block {head.number} was never published"))
        elif said and (said.digest, said.mac, said.before) != (head.digest, head.mac, head.before):
            verdict.findings.append(Finding(f"block {head.number} is not the one that was published"))
    last = heads[-1].number if heads else 0
    for number in sorted(due):
        verdict.findings.append(Finding(f"block {number} was published and is missing: the chain ends at {last}"))
    return max((line.before for line in due.values() if line.cluster == cluster), default=0)


def _windows(heads: list[Head], covered: int) -> list[Window]:
    """The stretches to check, without holes: a stretch whose block is gone is checked for rows that nothing covers."""
    windows, reached = [], 0
    for head in heads:
        if head.since > reached:
            windows.append(Window(head.since, None))
        if head.before > reached:
            windows.append(Window(head.before, head))
            reached = head.before
    if covered > reached:
        windows.append(Window(covered, None))
    return windows


def _rows(cursor: CursorWrapper, windows: list[Window], verdict: Verdict) -> Iterator[Finding]:
    cursor.execute("SELECT block_id, sum(cardinality(keys)) FROM trail_part GROUP BY block_id")
    sizes = {number: int(size) for number, size in cursor.fetchall()}
    verdict.rows = sum(sizes.values())
    start, sealed_before = 0, LONG_AGO
    for batch in _batches(windows, sizes):
        numbers = [window.head.number for window in batch if window.head]
        sealed = sealed_leaves(cursor, min(numbers), max(numbers)) if numbers else {}
        present: dict[int, list[Leaf]] = {}
        for slot, leaf in read_leaves(cursor, [start, *(window.before for window in batch)]):
            present.setdefault(slot, []).append(leaf)
        for slot, window in enumerate(batch, start=1):
            if window.head is None:
                yield from _uncovered(present.get(slot, []))
            else:
                yield from _block(window.head, sealed.get(window.head.number, []), present.get(slot, []))
        earliest, latest = [], []
        for window in batch:
            earliest.append(sealed_before)
            latest.append(window.head.sealed_at if window.head else FAR_AHEAD)
            sealed_before = window.head.sealed_at if window.head else sealed_before
        yield from _misdated(cursor, [start, *(window.before for window in batch)], earliest, latest)
        start = batch[-1].before


def _batches(windows: list[Window], sizes: dict[int, int]) -> Iterator[list[Window]]:
    """Windows together while their rows fit in memory at ease."""
    batch: list[Window] = []
    held = 0
    for window in windows:
        batch.append(window)
        held += sizes.get(window.head.number, 0) if window.head else 0
        if held >= ROWS_AT_A_TIME:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _uncovered(leaves: list[Leaf]) -> Iterator[Finding]:
    for leaf in leaves:
        for key in leaf.keys:
            yield Finding("covered by no block", leaf.table, key, leaf.tenant)


def _block(head: Head, sealed: list[Leaf], present: list[Leaf]) -> Iterator[Finding]:
    digest = head.over(sealed)
    if digest != head.digest or not hmac.compare_digest(mac_of(digest), head.mac):
        yield Finding(f"block {head.number}: the seal itself was altered")
    now = {(leaf.table, leaf.tenant): leaf for leaf in present}
    for leaf in sealed:
        found = now.pop((leaf.table, leaf.tenant), None)
        if found is None or (found.keys, found.digests) != (leaf.keys, leaf.digests):
            yield from _differences(head.number, leaf, found.rows() if found else {})
    for leaf in now.values():
        for key in leaf.keys:
            yield Finding("added", leaf.table, key, leaf.tenant, head.number)


def _differences(block: int, sealed: Leaf, found: dict[int, bytes]) -> Iterator[Finding]:
    rows = sealed.rows()
    order = [key for key in found if key in rows]
    for key, digest in rows.items():
        if key not in found:
            yield Finding("missing", sealed.table, key, sealed.tenant, block)
        elif found[key] != digest:
            yield Finding("altered", sealed.table, key, sealed.tenant, block)
    for key in found:
        if key not in rows:
            yield Finding("added", sealed.table, key, sealed.tenant, block)
    for key, expected in zip(order, [key for key in rows if key in found], strict=True):
        if key != expected and found[key] == rows[key]:
            yield Finding("reordered", sealed.table, key, sealed.tenant, block)


def _after_the_last(cursor: CursorWrapper, windows: list[Window], verdict: Verdict) -> Iterator[Finding]:
    """Rows that no seal has reached yet are counted; rows of transactions that have not happened are named."""
    start = windows[-1].before if windows else 0
    sealed = [window.head.sealed_at for window in windows if window.head]
    cursor.execute("SELECT trail.lift() + pg_snapshot_xmax(pg_current_snapshot())::text::bigint, now()")
    future, now = cursor.fetchone()
    if future > start:
        waiting = sum(len(leaf.keys) for _, leaf in read_leaves(cursor, [start, future]))
        if waiting:
            verdict.notes.append(f"rows newer than the last seal, not sealed yet: {waiting}")
        yield from _misdated(cursor, [start, future], [sealed[-1] if sealed else LONG_AGO], [now])
    for _, leaf in read_leaves(cursor, [future, END_OF_TIME]):
        for key in leaf.keys:
            yield Finding("from the future", leaf.table, key, leaf.tenant)


def _misdated(
    cursor: CursorWrapper, bounds: list[int], earliest: list[datetime], latest: list[datetime]
) -> Iterator[Finding]:
    """Rows whose date is not of the time in which their transaction was sealed."""
    for each in audited():
        tenant = each.tenant_column or "NULL::bigint"
        cursor.execute(
            "SELECT * FROM trail.misdated(%s, %s, %s, %s::timestamptz[], %s::timestamptz[])",
            [each.history, tenant, bounds, earliest, latest],
        )
        for owner, key in cursor.fetchall():
            yield Finding("dated at another time than it was written", each.history, key, owner)


def _drift(cursor: CursorWrapper) -> Iterator[Finding]:
    """Rows newer than the last seal are held by this: a record is what its newest version says."""
    for each in audited():
        cursor.execute(
            "SELECT tenant_id, id FROM trail.drifted(%s, %s, %s, %s)",
            [each.table, each.history, each.tenant_column, list(each.columns)],
        )
        for tenant, key in cursor.fetchall():
            yield Finding("not as its newest version says", each.table, key, tenant)
