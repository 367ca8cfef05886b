"""The heads of the seals outside the database: only they show that the newest blocks were cut off.

A file of JSON lines here; in production its place is a write-once bucket or a log stream that the database's keepers
cannot rewrite. Lines follow each other by number. A restore that lost blocks goes on from a lower number only after a
line that says so, signed with the key of the seals: who accepted it, and why.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

TAIL = 64 * 1024  # bytes; thousands of times the length of a line


class Published(Protocol):
    """What of a block is published."""

    @property
    def number(self) -> int: ...
    @property
    def before(self) -> int: ...
    @property
    def cluster(self) -> str: ...
    @property
    def digest(self) -> bytes: ...
    @property
    def mac(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One published head."""

    number: int
    before: int
    cluster: str
    digest: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A restore that lost blocks was accepted: the chain goes on after block `number`, in `cluster`."""

    number: int
    cluster: str
    by: str
    why: str
    at: datetime
    mac: bytes = b""

    def said(self) -> bytes:
        """What the MAC is over."""
        return sha256(
            f"accept:{self.number}:{self.cluster}:{self.by}:{self.why}:{self.at.isoformat()}".encode()
        ).digest()


def lines() -> list[Line | Acceptance]:
    """Every line, oldest first; a torn one (a crash while appending) is left out."""
    return _read(0)


def newest() -> Line | Acceptance | None:
    """The newest line, without reading all."""
    found = _read(TAIL)
    return found[-1] if found else None


def publish(heads: Iterable[Published]) -> None:
    """Append heads, durably; the caller sees to it that they follow the newest line."""
    _append(
        {
            "number": head.number,
            "before": head.before,
            "cluster": head.cluster,
            "digest": head.digest.hex(),
            "mac": head.mac.hex(),
        }
        for head in heads
    )


def accept(acceptance: Acceptance) -> None:
    """Append a signed acceptance."""
    _append(
        [
            {
                "accepted": acceptance.number,
                "cluster": acceptance.cluster,
                "by": acceptance.by,
                "why": acceptance.why,
                "at": acceptance.at.isoformat(),
                "mac": acceptance.mac.hex(),
            }
        ]
    )


def _read(most: int) -> list[Line | Acceptance]:
    if not settings.SEAL_LOG or not Path(settings.SEAL_LOG).exists():
        return []
    with Path(settings.SEAL_LOG).open("rb") as log:
        size = log.seek(0, os.SEEK_END)
        log.seek(max(0, size - most) if most else 0)
        return [line for text in log.read().split(b"\n") if (line := _parse(text))]


def _parse(text: bytes) -> Line | Acceptance | None:
    try:
        said = json.loads(text)
        mac = bytes.fromhex(said["mac"])
        if "accepted" in said:
            at = datetime.fromisoformat(said["at"])
            return Acceptance(int(said["accepted"]), str(said["cluster"]), said["by"], said["why"], at, mac)
        digest = bytes.fromhex(said["digest"])
        return Line(int(said["number"]), int(said["before"]), str(said["cluster"]), digest, mac)
    except (ValueError, KeyError, TypeError):
        return None


def _append(said: Iterable[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line) + "\n" for line in said).encode()
    if not text or not settings.SEAL_LOG:
        return
    descriptor = os.open(settings.SEAL_LOG, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, b"\n" * torn + text)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
