"""How something grows: the exponent of a power of its size, 1 where twice the size takes twice the time."""

import math
from collections.abc import Sequence

Curve = tuple[tuple[int, float], ...]  # size and seconds


def exponent(curve: Sequence[tuple[int, float]]) -> float:
    """The slope of the straight line that fits best through the logarithms of sizes and seconds."""
    points = [(math.log(size), math.log(seconds)) for size, seconds in curve]
    middle = sum(x for x, _ in points) / len(points)
    level = sum(y for _, y in points) / len(points)
    return sum((x - middle) * (y - level) for x, y in points) / sum((x - middle) ** 2 for x, _ in points)


def in_words(curve: Sequence[tuple[int, float]]) -> str:
    """What was taken at each size, for the reader."""
    return ", ".join(f"{seconds * 1000:,.1f} ms at {size:,}" for size, seconds in curve)
