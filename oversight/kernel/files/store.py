"""Where the bytes lie: `<FILES_ROOT>/<tenant>/<first two of the hash>/<hash>`, each content once per sponsor.

A write that is rolled back afterwards leaves its bytes behind, named by no row: they take room and harm nobody. What
rows named and no longer need is let go (letting_go.py).
"""

import logging
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

from oversight.kernel.workflow.refusals import Refused

# Who keeps a content and who would remove it wait for each other, by its hash, until their transactions end.
_KEY = "hashtextextended(format('file %%s %%s', %s::bigint, digest), 0)"
_SHARE = f"SELECT pg_advisory_xact_lock_shared({_KEY}) FROM unnest(%s::text[]) digest"
_CLAIM = f"SELECT digest FROM unnest(%s::text[]) digest WHERE pg_try_advisory_xact_lock({_KEY})"

log = logging.getLogger(__name__)


NO_ROOM = "The file could not be stored, so nothing was saved. Tell your administrator that the disk may be full."


class Altered(RuntimeError):
    """The bytes in the store are gone, or are not those that were attached."""


def keep(tenant: int, content: bytes, *, judge: Callable[[Path], None]) -> str:
    """Write `content` down for good and answer its hash; nothing is kept when `judge` raises at the sight of it.

    In the transaction that names it in a row: until that ends, nobody removes the bytes. Raises Refused where the disk
    does not take it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Content is kept in the transaction that names it.")
    digest = sha256(content).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [tenant, [digest]])
    place = _place(tenant, digest)
    try:
        with _arriving(place.parent, content) as arriving:
            judge(arriving)
            if place.exists() and sha256(place.read_bytes()).hexdigest() != digest:
                log.error(
                    "The stored file %s of tenant %s was altered; the true content is put in its place.", digest, tenant
                )
            arriving.replace(place)
        _settle(place.parent)
    except OSError as error:
        log.exception("A file of tenant %s could not be stored", tenant)
        raise Refused(NO_ROOM) from error
    return digest


@contextmanager
def _arriving(directory: Path, content: bytes) -> Iterator[Path]:
    """The bytes on the disk under a name of their own; what is not given its place is removed again."""
    _make(directory)
    descriptor, name = tempfile.mkstemp(dir=directory, prefix=".arriving-")  # only its owner may read it
    arriving = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield arriving
    finally:
        arriving.unlink(missing_ok=True)


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


def claim(tenant: int, digests: Collection[str]) -> set[str]:
    """Have contents to oneself until the transaction ends; answers those that nobody is about to name."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [sorted(set(digests)), tenant])
        return {digest for (digest,) in cursor.fetchall()}


def drop(tenant: int, digest: str) -> bool:
    """Remove the bytes of a content that is claimed; answers whether there were any."""
    place = _place(tenant, digest)
    try:
        place.unlink()
    except FileNotFoundError:
        return False
    _settle(place.parent)
    return True


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
