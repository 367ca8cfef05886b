"""How fast the trail is sealed, and how fast all seals are verified."""

import time
from collections.abc import Iterator

from oversight.kernel.trail.seals import seal
from oversight.kernel.trail.verify import verify

from .report import Row
from .world import World


def figures(_: World) -> Iterator[Row]:
    """Rows a second of one seal over all history written so far, then of one verification of it; nothing is judged."""
    start = time.perf_counter()
    assert seal() is not None
    sealed = time.perf_counter() - start
    start = time.perf_counter()
    verdict = verify()
    verified = time.perf_counter() - start
    assert not verdict.findings, verdict.findings[:3]
    said = f"{verdict.rows:,} rows in {{:.1f}} s"
    yield Row("SEAL", "history rows sealed a second", verdict.rows / sealed, "", beside=said.format(sealed))
    yield Row("VERIFY", "history rows verified a second", verdict.rows / verified, "", beside=said.format(verified))
