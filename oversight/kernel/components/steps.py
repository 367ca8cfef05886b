"""What stands in a row, one after the other: the stages of a record, the whys of a cause."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the life of a record: done, present or to come."""

    words: str
    small: str
    state: str  # done, current, or empty

    @property
    def glyph(self) -> str:
        return {"done": "ok", "current": "progress"}.get(self.state, "open")


@dataclass(frozen=True, slots=True)
class Why:
    """One question and its answer; `root` is the cause that has to change, `category` what kind of cause it is."""

    question: str
    answer: str
    root: bool = False
    category: str = ""
    name: str = ""  # of the answer, as its evidence is labelled
