"""Where the bytes lie: `<FILES_ROOT>/<tenant>/<first two of the hash>/<hash>`, each content once per sponsor.

A write that is rolled back afterwards leaves its bytes behind, named by no row: they take room and harm nobody. They
are not swept away, since another write may be about to name the same content.
"""

import logging
import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)


class Altered(RuntimeError):
    """The bytes in the store are gone, or are not those that were attached."""


def keep(tenant: int, content: bytes, *, judge: Callable[[Path], None]) -> str:
    """Write `content` down for good and answer its hash; nothing is kept when `judge` raises at the sight of it."""
    digest = sha256(content).hexdigest()
    place = _place(tenant, digest)
    _make(place.parent)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".arriving-")  # only its owner may read it
    arriving = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        judge(arriving)
        if place.exists() and sha256(place.read_bytes()).hexdigest() != digest:
            log.error(
                "The stored file %s of tenant %s was altered; the true content is put in its place.", digest, tenant
            )
        arriving.replace(place)
    finally:
        arriving.unlink(missing_ok=True)
    _settle(place.parent)
    return digest


def read(tenant: int, digest: str) -> bytes:
    """The bytes with that hash; raises Altered, and logs it, when they are no longer those."""
    try:
        content = _place(tenant, digest).read_bytes()
    except FileNotFoundError:
        content = b""
    if sha256(content).hexdigest() != digest:
        log.error("The stored file %s of tenant %s is gone or altered.", digest, tenant)
        raise Altered(f"The stored file {digest} of tenant {tenant} is gone or altered.")
    return content


def _place(tenant: int, digest: str) -> Path:
    return Path(settings.FILES_ROOT) / str(tenant) / digest[:2] / digest


def _make(folder: Path) -> None:
    """Folders that only their owner may enter."""
    Path(settings.FILES_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    _settle(folder.parent)


def _settle(folder: Path) -> None:
    """Have the disk remember the names in `folder`, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
