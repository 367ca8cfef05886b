"""Moves as people make them in the stories, and the moments at which they do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.models import Clock
from oversight.kernel.esign import Proof
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import amend, move
from oversight.kernel.trail.about import key_of
from oversight.kernel.workflow.models import Case
from quality.models import Deviation, ResponseTask
from quality.records import DEVIATION, RESPONSE_TASK
from tests.cast import PASSWORD

KINDS: dict[type[Case], RecordKind] = {Deviation: DEVIATION, ResponseTask: RESPONSE_TASK}
CAUSE = {
    "why_1": "Why did the pressure pass 3.0 bar?",
    "because_1": "The inlet frit was partly blocked.",
    "why_2": "Why was the frit blocked?",
    "because_2": "The depth filters ran above their load limit.",
    "root_cause": "The batch record has no step that recalculates the load.",
    "root_cause_category": "METHOD",
}
TICKS = ("stop-production", "assemble-team", "document-findings", "pull-records", "inform-stakeholders")


class Watch:
    """What time it is in the story: Wednesday 14 January 2026, until somebody looks again."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 14, 14, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def say(self, day: int, hour: int, minute: int = 0) -> datetime:
        """It is that day in January now."""
        self.at = datetime(2026, 1, day, hour, minute, tzinfo=UTC)
        return self.at


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Python's clock shows the time of the story."""
    watch = Watch()
    monkeypatch.setattr(timezone, "now", watch)
    return watch


def act(record: Case, name: str, *, by: Actor, reason: str = "", password: str = "", **values: Any) -> Case:
    """One move, with the record as it stands."""
    kind = KINDS[type(record)]
    with scope(by):
        version = kind.model.objects.visible_to(by).get(pk=record.pk).version
        proof = Proof(password) if password else None
        return move(kind, record.pk, name, by=by, version=version, values=values, reason=reason, proof=proof)


def change_it(record: Case, *, by: Actor, reason: str = "Corrected", **values: Any) -> Case:
    """One amendment of the record as it stands."""
    kind = KINDS[type(record)]
    with scope(by):
        version = kind.model.objects.visible_to(by).get(pk=record.pk).version
        return amend(kind, record.pk, by=by, version=version, values=values, reason=reason)


def contain(record: Deviation, *, by: Actor) -> None:
    """All five actions, now."""
    for name in TICKS:
        act(record, name, by=by)


def sign_off(record: Deviation, *, by: Actor) -> Case:
    """Close it with the password of everybody in the cast."""
    return act(record, "close", by=by, reason="Reviewed", password=PASSWORD)


def unmet(record: Case, name: str, by: Actor) -> tuple[str, ...]:
    """The sentences beside the button."""
    kind = KINDS[type(record)]
    with scope(by):
        present = kind.model.objects.visible_to(by).get(pk=record.pk)
        return next(m.unmet for m in kind.workflow.moves(present, by) if m.transition.name == name)


def names(record: Case, by: Actor) -> list[str]:
    """The moves that somebody is offered."""
    kind = KINDS[type(record)]
    with scope(by):
        present = kind.model.objects.visible_to(by).get(pk=record.pk)
        return [m.transition.name for m in kind.workflow.moves(present, by)]


def now(record: Case, by: Actor) -> Any:
    """The record as it stands in the database."""
    with scope(by):
        return type(record).objects.visible_to(by).get(pk=record.pk)


def clocks(record: Case, by: Actor) -> dict[str, tuple[str, str, datetime]]:
    """Each clock by its rule: whose, how it stands, when it is due."""
    with scope(by):
        rows = Clock.objects.visible_to(by).filter(**key_of(record)).order_by("id")
        return {row.name: (row.side, row.status, row.due_at) for row in rows}


def tasks(record: Deviation, by: Actor) -> list[tuple[str, str, str]]:
    """Each task: what, whose, how it stands."""
    with scope(by):
        rows = ResponseTask.objects.visible_to(by).filter(deviation=record).order_by("id")
        return [(row.title, row.side, row.status) for row in rows]


def versions(record: Case, by: Actor) -> int:
    """How many versions the trail has of the record."""
    with scope(by):
        return type(record).history.filter(id=record.pk).count()
