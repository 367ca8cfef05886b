"""What the sponsor reads of early warnings: beside a step, of a programme, and how far a step was on which day."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.words import day_in_words
from techtransfer.models import CheckIn, EarlyWarning, Milestone, Programme
from techtransfer.warning.wording import percent

Level = EarlyWarning.Level
GRAVE = (Level.RED, Level.AMBER, Level.NOTED)
CHECK_INS = 6


@dataclass(frozen=True, slots=True)
class WarningLine:
    """One warning that stands."""

    pk: int
    step: int
    level: str
    tone: str
    glyph: str
    word: str
    title: str
    says: str
    facts: tuple[str, ...]  # beside the number; of one that is facts alone they are what it says
    href: str
    step_href: str
    agreed: str
    response: str
    answer_href: str


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One check-in of the step."""

    href: str
    day: date
    percent: int
    ends: str
    remark: str
    on_behalf: bool


def standing(kinds: tuple[RecordKind, RecordKind], actor: Actor, **where: Any) -> list[WarningLine]:
    """Those that stand, red before amber before what is only worth a look; `kinds`: of warnings and of steps."""
    kind, steps = kinds
    if not kind.may(actor, "view"):
        return []
    rows = EarlyWarning.objects.visible_to(actor).filter(status=EarlyWarning.Status.OPEN, **where).order_by("pk")
    found = sorted(rows, key=lambda row: (GRAVE.index(Level(row.level)), row.agreed_on or date.max, row.pk))
    answers = actor.can(kind.workflow.transition("respond").capability)
    return [line(row, kind, steps, actor, answers=answers) for row in found]


def line(row: EarlyWarning, kind: RecordKind, steps: RecordKind, actor: Actor, *, answers: bool) -> WarningLine:
    """One of them in words."""
    tone, glyph = kind.tones["level"][row.level]
    told = kind.shows("facts", actor)
    return WarningLine(
        pk=row.pk,
        step=row.milestone_id,
        level=row.level,
        tone=tone,
        glyph=glyph,
        word=str(Level(row.level).label),
        title=row.title,
        says=row.says if kind.shows("says", actor) else _narrowly(row),
        facts=tuple(fact["says"] for fact in row.facts) if row.level != Level.NOTED and told else (),
        href=address(kind, "detail", actor, row.pk),
        step_href=address(steps, "detail", actor, row.milestone_id),
        agreed=day_in_words(row.agreed_on) if row.agreed_on else "",
        response=row.response,
        answer_href=address(kind, "respond", actor, row.pk) if answers and not row.response else "",
    )


def of_programme(
    kinds: tuple[RecordKind, RecordKind], programme: Programme, actor: Actor
) -> tuple[list[WarningLine], Mapping[int, WarningLine]]:
    """The warnings of a programme, and the same by step: for its table."""
    found = standing(kinds, actor, programme=programme)
    return found, by_step(found)


def by_step(found: Iterable[WarningLine]) -> dict[int, WarningLine]:
    """Each by the key of its step; of a step there is one at most."""
    return {each.step: each for each in found}


def check_ins(kind: RecordKind, step: Milestone, actor: Actor) -> dict[str, Any]:
    """The last ones of the step, where all stand, and where one more is noted."""
    if not kind.may(actor, "view"):
        return {"check_ins": []}
    rows = CheckIn.objects.visible_to(actor).filter(milestone=step, status=CheckIn.Status.NOTED)
    found = list(rows.order_by("-as_of", "-pk")[:CHECK_INS])
    may = step.status == Milestone.Status.IN_PROGRESS and kind.may_write(actor, "create")
    return {
        "check_ins": [_check_in(kind, row, actor) for row in found],
        "check_in_url": f"{address(kind, 'create', actor)}?milestone={step.pk}" if may else "",
    }


def _check_in(kind: RecordKind, row: CheckIn, actor: Actor) -> CheckInLine:
    return CheckInLine(
        address(kind, "detail", actor, row.pk),
        row.as_of,
        row.percent,
        day_in_words(row.expected_end) if row.expected_end else "",
        row.remark,
        row.on_behalf,
    )


def data_of(kind: RecordKind, row: EarlyWarning, actor: Actor) -> dict[str, Any]:
    """The data that it rests on, for its page: the check-ins with the chance at each, and what was learnt from."""
    seen = json.loads(row.seen or "{}") if kind.shows("seen", actor) else {}
    chances = seen.get("chance_at_check_ins", [])
    told = [
        {
            "day": date.fromisoformat(each["as_of"]),
            "percent": each["percent"],
            "worked": each["worked_days"],
            "chance": f"{percent(chances[place])} %" if place < len(chances) else "",
        }
        for place, each in enumerate(seen.get("check_ins", []))
    ]
    return {"told": told, "plan": seen.get("plan_days"), "room": seen.get("room_days"), "as_of": _day(seen)}


def _day(seen: dict[str, Any]) -> str:
    return day_in_words(date.fromisoformat(seen["as_of"])) if "as_of" in seen else ""


def _narrowly(row: EarlyWarning) -> str:
    """For who sees some CDMOs alone: what it rests on may be another's."""
    if row.chance is None:
        return "There are facts to look at. Ask somebody who sees every step."
    return f"Likely to end late: {row.chance} %."
