"""How a tale of the past is written down: what goes wrong in this trade, and why; told of several places and days."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """One kind of mishap. `{on}`, `{at}` and `{n}` stand for what differs from one time to the next, taken in turn."""

    kind: str  # event type
    title: str
    text: str
    whys: tuple[tuple[str, str], ...]
    cause: str
    category: str
    second: str = ""
    severity: tuple[str, ...] = ("MINOR",)
    on: tuple[str, ...]
    at: tuple[str, ...] = ("",)
    n: tuple[str, ...] = ("",)

    def filled(self, text: str, turn: int) -> str:
        """`text` as it reads the `turn`th time."""
        return text.format(
            on=self.on[turn % len(self.on)], at=self.at[turn % len(self.at)], n=self.n[turn % len(self.n)]
        )

    def severity_of(self, turn: int) -> str:
        """The class of the `turn`th time."""
        return self.severity[turn % len(self.severity)]

    def answer(self, turn: int) -> dict[str, str]:
        """The five whys, as many as there are, and the root cause."""
        chain: dict[str, str] = {}
        for step, (why, because) in enumerate(self.whys, 1):
            chain |= {f"why_{step}": self.filled(why, turn), f"because_{step}": self.filled(because, turn)}
        return chain | {
            "root_cause": self.filled(self.cause, turn),
            "root_cause_category": self.category,
            "second_cause": self.filled(self.second, turn),
        }
