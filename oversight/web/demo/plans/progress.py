"""How far partners said that their steps were, each Thursday, and what was made of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from math import exp
from random import Random

from oversight.kernel.access.scope import Actor, scope
from techtransfer.forecast.days import date_of
from techtransfer.models import CheckIn, Milestone
from techtransfer.warning.looking import look

from ..telling import at, heard
from .filing import Filed, Filing
from .lived import Lived
from .people import hour_of, project_of
from .told import Step

AFTERNOON = time(16, 0)
WEEK, LONGEST_AGO, THURSDAY = 7, 26 * 7, 3  # days; a day of the week
SHORT = 6  # days of work, below which nobody is asked
# Of what is behind, although nobody has moved its date: how much of the usual progress was made.
BEHIND: Mapping[str, float] = {"DS20-make": 0.6, "DS4-make": 0.78}
Deed = tuple[datetime, Callable[[], None]]


class Progress:
    """The check-ins of one programme."""

    def __init__(self, filing: Filing, filed: Filed, system: Actor) -> None:
        self.filing, self.filed, self.system = filing, filed, system
        self.scribe, self.stage, self.today = filing.scribe, filing.stage, filing.today

    def deeds(self) -> Iterator[Deed]:
        """Once a week, as far back as it makes a difference."""
        last = 1 + (date_of(self.today - 1).weekday() - THURSDAY) % WEEK
        for ago in range(last, min(self.filed.told.opened - 1, LONGEST_AGO), WEEK):
            moment = self.filing.moment(-ago, AFTERNOON)
            yield moment, partial(self._week, self.today - ago, moment)

    def look(self, moment: datetime) -> None:
        """Say which steps are likely to end late, by what had been said by then."""
        self.scribe.pen.flush()
        with at(moment), scope(self.system), heard(moment, self.stage.present):
            look([self.filed.programme.pk], by=self.system)

    def _week(self, day: int, moment: datetime) -> None:
        under_way, rows = self._under_way(), []
        for step in self.filed.told.steps:
            went, row = self.filed.lived[step.key], self.filed.steps.get(step.key)
            if row is not None and row.pk in under_way and step.days[1] > SHORT and went.start + 2 < day < went.end:
                by = self.stage.actor(project_of(step.at))
                rows.append((self._said(step, went, day), by, moment.replace(hour=hour_of(step.at) + 2)))
        if rows:
            self.scribe.file(rows)
            self.look(moment)

    def _under_way(self) -> set[int]:
        """The steps at partners on which work goes on."""
        self.scribe.pen.flush()
        with scope(self.system):
            rows = Milestone.objects.visible_to(self.system).filter(programme=self.filed.programme)
            rows = rows.filter(status=Milestone.Status.IN_PROGRESS, held_since=None).exclude(cdmo=None)
            return set(rows.values_list("pk", flat=True))

    def _said(self, step: Step, went: Lived, day: int) -> CheckIn:
        row = self.filed.steps[step.key]
        return CheckIn(
            tenant_id=row.tenant_id,
            status=CheckIn.Status.NOTED,
            cdmo_id=row.cdmo_id,
            milestone=row,
            percent=self._percent(step, went, day),
            as_of=date_of(day),
        )

    def _percent(self, step: Step, went: Lived, day: int) -> int:
        """What was really done, thought of too well at first; no week says less than the one before."""
        said = 0
        for week in range((day - went.start) % WEEK, day - went.start + 1, WEEK):
            done = (week + 1) / (went.end - went.start + 1)
            dice = Random(f"{self.filed.told.code} {step.key} {week // WEEK}")  # noqa: S311  opinions, no secrets
            thought = 100 * done * BEHIND.get(step.key, 1) * exp(0.3 * (1 - done) ** 2 + dice.gauss(0, 0.06))
            said = max(said, min(95, 5 * round(thought / 5)))
        return said
