"""How well warnings did: those that were red before the agreed end, beside how the steps ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist, median
from typing import Any

from django.db.models import Count, DateField, F, Q
from django.db.models.functions import Coalesce

from oversight.kernel.access.scope import Actor
from techtransfer.models import CheckIn, EarlyWarning, Milestone

from .likelihood import IN_A_ROW

ENOUGH = 20  # finished steps, below which a share says more about chance than about the warnings
MOST = 3000  # finished steps, the newest
_SURE = NormalDist().inv_cdf(0.975)  # 95 %, both sides


@dataclass(frozen=True, slots=True)
class Case:
    """One finished step that could have been warned of: it had two check-ins before its agreed end."""

    step: int
    number: str
    title: str
    partner: str
    agreed: date
    ended: date
    warned: date | None  # when it was red for the first time
    warning: int  # its key

    @property
    def late(self) -> int:
        """Days after its agreed end; negative: before."""
        return (self.ended - self.agreed).days

    @property
    def ahead(self) -> int:
        """Days between the red warning and the agreed end."""
        return (self.agreed - self.warned).days if self.warned else 0

    @property
    def verdict(self) -> str:
        """Right, missed, a false alarm, or rightly quiet."""
        if self.warned:
            return "right" if self.late > 0 else "false"
        return "missed" if self.late > 0 else "quiet"


@dataclass(frozen=True, slots=True)
class Past:
    """The steps by which warnings can be judged, and how many more ended of which too little was said for one."""

    cases: Sequence[Case]
    silent: int
    silent_late: int


@dataclass(frozen=True, slots=True)
class Score:
    """Shares over some cases; None where nothing can be divided."""

    cases: int
    late: int
    red: int
    right: int
    days_ahead: float | None

    @property
    def precision(self) -> float | None:
        """Of the red ones, how many ended late."""
        return self.right / self.red if self.red else None

    @property
    def recall(self) -> float | None:
        """Of those that ended late, how many had been red."""
        return self.right / self.late if self.late else None

    @property
    def is_telling(self) -> bool:
        """Whether there are enough cases to say anything by."""
        return self.cases >= ENOUGH


def score(cases: Iterable[Case]) -> Score:
    """The shares of these cases."""
    found = list(cases)
    right = [case for case in found if case.verdict == "right"]
    return Score(
        len(found),
        sum(case.late > 0 for case in found),
        sum(case.warned is not None for case in found),
        len(right),
        median(case.ahead for case in right) if right else None,
    )


def within(some: int, of: int) -> tuple[int, int]:
    """Between which percentages a share lies that was seen in so many cases, with 95 % confidence (Wilson 1927)."""
    share, wide = some / of, _SURE**2 / of
    centre = (share + wide / 2) / (1 + wide)
    reach = _SURE * sqrt(share * (1 - share) / of + wide / (4 * of)) / (1 + wide)
    return max(round(100 * (centre - reach)), 0), min(round(100 * (centre + reach)), 100)


def by_partner(cases: Iterable[Case]) -> list[tuple[str, Score]]:
    """The same for each partner of which there are enough."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.partner, []).append(case)
    scored = [(partner, score(some)) for partner, some in sorted(found.items())]
    return [(partner, each) for partner, each in scored if each.is_telling]


def past_of(actor: Actor) -> Past:
    """The newest finished steps in the actor's sight, the newest first; in two statements.

    The agreed end of a step is that of the warning where there was one: against that it was warned.
    """
    agreed = Coalesce("baseline_end", "planned_end", output_field=DateField())
    rows: Any = Milestone.objects.visible_to(actor).filter(status=Milestone.Status.DONE, duration_days__gt=0)
    before = Q(check_ins__status=CheckIn.Status.NOTED, check_ins__as_of__lte=F("agreed"))
    rows = rows.annotate(agreed=agreed, told=Count("check_ins", filter=before)).exclude(agreed=None)
    finished = list(rows.select_related("cdmo").order_by("-actual_end", "-pk")[:MOST])
    red = _red(actor)
    cases = [_case(step, red.get(step.pk), actor) for step in finished if step.told >= IN_A_ROW]
    silent = [step for step in finished if step.told < IN_A_ROW]
    return Past(cases, len(silent), sum(step.actual_end > step.agreed for step in silent))


def _red(actor: Actor) -> dict[int, EarlyWarning]:
    """The first red warning of each finished step; one that came on the agreed day, or after it, warned of nothing."""
    rows = EarlyWarning.objects.visible_to(actor).exclude(red_at=None).exclude(agreed_on=None)
    rows = rows.filter(milestone__status=Milestone.Status.DONE).order_by("-red_at", "-pk")
    return {row.milestone_id: row for row in rows[:MOST] if row.red_at.date() < row.agreed_on}  # type: ignore[union-attr,operator]


def _case(step: Any, warning: EarlyWarning | None, actor: Actor) -> Case:
    return Case(
        step=step.pk,
        number=step.number,
        title=step.title,
        partner=str(step.cdmo) if step.cdmo_id else actor.sponsor_name,
        agreed=warning.agreed_on if warning and warning.agreed_on else step.agreed,
        ended=step.actual_end,
        warned=warning.red_at.date() if warning and warning.red_at else None,
        warning=warning.pk if warning else 0,
    )
