"""Bytes that no row names any more leave the store.

Whoever keeps content holds it, shared, until its transaction ends, which is before or after this and never within: it
names the content in a row that is seen here, or it writes the bytes anew when this is over.
"""

from collections.abc import Callable, Collection

from oversight.kernel.access.scope import Actor

from .models import Attachment
from .store import claim, drop

Names = Callable[[Collection[str], Actor], set[str]]


def _attachments(digests: Collection[str], by: Actor) -> set[str]:
    """A withdrawn file stays on record, and so do its bytes."""
    rows = Attachment.objects.visible_to(by).filter(sha256__in=digests).order_by()
    return set(rows.values_list("sha256", flat=True).distinct())


_namers: list[Names] = [_attachments]


def content_is_named_by(names: Names) -> None:
    """Register who else names content by its hash, in the `ready()` of its app; it answers which of them it needs."""
    if names not in _namers:
        _namers.append(names)


def hold(digests: Collection[str], *, by: Actor) -> set[str]:
    """Of these contents those that nobody is about to name, held until the transaction ends; others are left alone."""
    return claim(by.tenant, digests)


def let_go(held: Collection[str], *, by: Actor) -> int:
    """Remove what is held and named by no row of the sponsor's; answers how many are gone.

    A row that has just ceased to name its content must never name it again, whatever becomes of this transaction.
    """
    if by.cdmos is not None:
        raise ValueError("Who sees some CDMOs alone cannot tell what nobody needs.")
    unnamed = set(held)
    for names in _namers:
        if unnamed:
            unnamed -= names(unnamed, by)
    return sum(drop(by.tenant, digest) for digest in sorted(unnamed))
