"""What data are made of: the files whose change makes kept data stale."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from oversight.runtime.processes import ROOT

# Everything that decides what tables, guards and rights an empty database gets, and what is written into it by itself.
SCHEMA = (
    "*/migrations/*.py",
    "oversight/*/*/migrations/*.py",
    "*/models/*.py",
    "oversight/kernel/*/models.py",
    "oversight/web/*/models.py",
    "*/sql/*.sql",
    "oversight/kernel/*/sql/*.sql",
    "oversight/kernel/trail/functions.json",
    "oversight/kernel/trail/*.py",
    "oversight/kernel/access/*.py",
    "oversight/kernel/database/*.py",
    "oversight/kernel/search/*.py",
)
LENGTH = 12


def digest_of(*sources: str) -> str:
    """A short digest over the files that the patterns name and over words that name none."""
    said = sha256()
    for source in sources:
        said.update(source.encode() + b"\0")
        for path in _files(source):
            said.update(str(path.relative_to(ROOT)).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return said.hexdigest()[:LENGTH]


def _files(pattern: str) -> Iterator[Path]:
    yield from sorted(ROOT.glob(pattern))
