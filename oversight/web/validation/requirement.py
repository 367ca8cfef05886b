"""A requirement as it is kept: what a clause asks for, where the product meets it, or why it cannot."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import TextChoices

FOLDER = Path(__file__).parent / "sources"
ORDER = ("part-11", "annex-11", "annex-11-draft", "pi-041", "asvs")


class Way(TextChoices):
    """How a requirement is met."""

    AUTOMATED = "AUTOMATED", "Automated"
    PROCEDURAL = "PROCEDURAL", "Procedural"
    NOT_APPLICABLE = "NOT_APPLICABLE", "Not applicable"
    GAP = "GAP", "Gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One demand of one clause, in a sentence of our own.

    `where` names pages by their address (`workspace:audit-trail`, `help-signatures`), commands (`command:verify_trail`)
    and documents (`doc:docs/threat-model.md`); `why` says what no software can do, what is missing, or what limits it.
    """

    id: str
    clause: str
    asks: str
    way: Way
    where: tuple[str, ...] = ()
    why: str = ""

    @classmethod
    def of(cls, row: dict[str, object]) -> "Requirement":
        """From one table of a source's file."""
        return cls(**row | {"way": Way(row["way"]), "where": tuple(row.get("where", ()))})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A regulation, guide or standard with its requirements, in the order of its clauses."""

    slug: str
    title: str
    edition: str
    about: str
    requirements: tuple[Requirement, ...]


@cache
def sources() -> tuple[Source, ...]:
    """All of them, read once from `sources/<slug>.toml`."""
    return tuple(_read(slug) for slug in ORDER)


def requirements() -> dict[str, Requirement]:
    """Every requirement by its id."""
    return {each.id: each for source in sources() for each in source.requirements}


def _read(slug: str) -> Source:
    told = tomllib.loads((FOLDER / f"{slug}.toml").read_text())
    rows = tuple(Requirement.of(row) for row in told.pop("requirement"))
    return Source(slug=slug, requirements=rows, **told)
