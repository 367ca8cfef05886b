"""How thoroughly is measured: as it should be, or `--quick`, for a first look within two minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
FEWER = 15  # of the turns, when it has to be quick
FEWEST = 2


@dataclass(slots=True)
class Pace:
    """One for the whole process, set before anything is measured."""

    quick: bool = False

    def turns(self, number: int) -> int:
        """Of so many turns those that are taken; where there are few anyway, all."""
        return max(min(number, FEWEST), number // FEWER) if self.quick else number

    def tries(self, number: int) -> int:
        """How often what seems to miss is measured again: a first look says what it saw."""
        return 1 if self.quick else number

    def seconds(self, number: float) -> float:
        """Of so much time the part that is given."""
        return number / FEWER if self.quick else number

    def sizes(self, sizes: Sequence[T]) -> Sequence[T]:
        """Of the sizes that are given from small to large those that are measured: quickly, without the largest."""
        return sizes[:-1] if self.quick else sizes


PACE = Pace()
