"""The panel “Ways to win days back”: for one study, each way with its days and the address of its preview."""

from collections.abc import Iterable
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from techtransfer.forecast.cascade import uncollected
from techtransfer.whatif.ground import Ground, Waiting
from techtransfer.whatif.ways import best_releases, ways_of

from .supposing import preview_link


@dataclass(frozen=True, slots=True)
class WayLine:
    """One way, as its row shows it."""

    minus: int
    title: str
    condition: str
    href: str


@dataclass(frozen=True, slots=True)
class Other:
    """The same for another study."""

    code: str
    href: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Those for one study, and where the others are."""

    code: str
    found: tuple[WayLine, ...]
    others: tuple[Other, ...]


def study_of(ground: Ground, wanted: int | None, order: Iterable[int]) -> Waiting | None:
    """The study that is asked for; else the first in the order of the page."""
    known = {study.id: study for study in ground.studies if study.step in ground.plan.steps}
    return next((known[key] for key in (wanted, *order, *known) if key in known), None)


def ways_for(
    ground: Ground, wanted: int | None, order: Iterable[int], url: str, as_of: str, *, by: Actor
) -> Ways | None:
    """The panel; None where no study waits for a step of the plan."""
    study = study_of(ground, wanted, order)
    if study is None or study.step is None:
        return None
    with uncollected():
        found = ways_of(ground, study.step, best_releases(by=by))
    return Ways(
        study.code,
        tuple(WayLine(-way.days, way.title, way.condition, preview_link(url, way.supposition, as_of)) for way in found),
        tuple(
            Other(other.code, f"{url}?for={other.id}#ways")
            for other in ground.studies
            if other is not study and other.step in ground.plan.steps
        ),
    )
