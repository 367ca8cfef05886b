"""Who outside is silent is left alone for a while by this process: each wait for it keeps a worker from all else."""

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

SLOW = 2.0  # seconds; a failure that came sooner has cost nobody anything
LEFT_ALONE = 60.0

_until: dict[Hashable, float] = {}


def silent_for(whom: Hashable) -> float:
    """For how many seconds `whom` is still to be left alone."""
    left = _until.get(whom, 0.0) - time.monotonic()
    if left <= 0:
        _until.pop(whom, None)
    return max(0.0, left)


@contextmanager
def listening_to(whom: Hashable) -> Iterator[None]:
    """A conversation with `whom`; one that fails after long makes this process leave it alone."""
    began = time.monotonic()
    try:
        yield
    except Exception:
        if time.monotonic() - began >= SLOW:
            _until[whom] = time.monotonic() + LEFT_ALONE
        raise
