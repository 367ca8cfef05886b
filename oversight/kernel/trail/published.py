"""The heads of the seals outside the database: only they show that the newest blocks were cut off.

A file of JSON lines here; in production its place is a write-once bucket or a log stream that the database's keepers
cannot rewrite.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings


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


def lines() -> list[Line]:
    """Every published head, oldest first; a torn last line (a crash while appending) is not one."""
    if not settings.SEAL_LOG or not Path(settings.SEAL_LOG).exists():
        return []
    found = []
    for text in Path(settings.SEAL_LOG).read_text().splitlines():
        try:
            said = json.loads(text)
            found.append(
                Line(
                    said["number"],
                    said["before"],
                    said["cluster"],
                    bytes.fromhex(said["digest"]),
                    bytes.fromhex(said["mac"]),
                )
            )
        except (ValueError, KeyError, TypeError):
            continue
    return found


def beyond(number: int, cluster: str) -> list[int]:
    """The heads of this cluster that were published after head `number`: the database should have them."""
    return [line.number for line in lines() if line.number > number and line.cluster == cluster]


def catch_up(heads: Iterable[Published]) -> None:
    """Append the heads that are not published yet, durably."""
    known = {(line.number, line.cluster) for line in lines()}
    said = [
        json.dumps(
            {
                "number": head.number,
                "before": head.before,
                "cluster": head.cluster,
                "digest": head.digest.hex(),
                "mac": head.mac.hex(),
            }
        )
        for head in heads
        if (head.number, head.cluster) not in known
    ]
    if not said or not settings.SEAL_LOG:
        return
    descriptor = os.open(settings.SEAL_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, "".join(f"{line}\n" for line in ["", *said] if line or _torn()).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _torn() -> bool:
    """Whether the file ends within a line."""
    text = Path(settings.SEAL_LOG).read_bytes()
    return bool(text) and not text.endswith(b"\n")
