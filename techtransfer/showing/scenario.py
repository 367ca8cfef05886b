"""A scenario as its page shows it: what it came to when it was kept, and what it comes to on the plan of today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.words import day_in_words
from oversight.kernel.workflow.refusals import Refused
from techtransfer.models import Programme, Scenario
from techtransfer.whatif.ground import Ground
from techtransfer.whatif.outcome import NO_CHANGE, Consequence, OnStep, OnStudy, Outcome, first_of
from techtransfer.whatif.preview import ground_of, preview_on
from techtransfer.whatif.suppositions import Impossible, parse
from techtransfer.whatif.words import sentence

FEW = 6
SAME = "The plan gives the same as when it was kept."
OTHER = "The plan has moved on since it was kept: what it comes to now is another."


@dataclass(frozen=True, slots=True)
class Line:
    """One study or step: what the scenario gave then, and what it gives now."""

    title: str
    note: str
    then: str
    then_days: int | None
    now: str
    now_days: int | None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that the page of one scenario shows."""

    sentences: tuple[str, ...]
    studies: tuple[Line, ...]
    steps: tuple[Line, ...]
    consequences: tuple[Consequence, ...]
    first: OnStudy | None
    today: Outcome | None
    why_not: str  # why it is not computed on the plan of today
    verdict: str


def kept(record: Scenario, actor: Actor) -> Kept:
    """Read it, and compute it once more while it is kept."""
    frozen = frozen_of(record)
    ground, today, why_not = _computed(record, actor)
    sentences = tuple(_sentences(record, ground))
    studies = tuple(_lines(_of_studies(frozen), _of_studies(today) if today else {}))
    steps = tuple(_lines(_of_steps(frozen), _of_steps(today) if today else {}, today))
    verdict = ""
    if today is not None:
        verdict = OTHER if any(line.differs for line in (*studies, *steps)) else SAME
    return Kept(sentences, studies, steps, frozen.consequences, first_of(frozen), today, why_not, verdict)


def frozen_of(record: Scenario) -> Outcome:
    """What stands on file."""
    studies = tuple(
        OnStudy(
            each["study"], each["number"], each["code"], _day(each["was"]), _day(each["now"]), each["days"],
            each["to_baseline"],
        )
        for each in record.studies
    )  # fmt: skip
    steps = {
        each["step"]: OnStep(
            each["step"], each["number"], each["title"], _day(each["was_start"]), _day(each["was_end"]),
            _day(each["start"]), _day(each["end"]), each["days"], each["word"],
        )
        for each in record.steps
    }  # fmt: skip
    return Outcome(studies, steps, tuple(Consequence(each["words"], each["tone"]) for each in record.consequences))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _computed(record: Scenario, actor: Actor) -> tuple[Ground | None, Outcome | None, str]:
    if record.status != Scenario.Status.KEPT:
        return None, None, ""
    programme = Programme.objects.visible_to(actor).get(pk=record.programme_id)
    try:
        ground = ground_of(programme, by=actor)
    except Refused as refusal:
        return None, None, " ".join(refusal.sentences)
    try:
        return ground, preview_on(ground, parse(record.suppositions)).outcome, ""
    except Impossible as refusal:
        return ground, None, f"It makes no sense of the plan of today: {refusal}"


def _sentences(record: Scenario, ground: Ground | None) -> Iterable[str]:
    """What is supposed, in words where the plan is read, and as it was written down where it is not."""
    for each in parse(record.suppositions):
        words = sentence(ground, each) if ground else f"{each.record}: {each.line}"
        yield f"{words[:1].upper()}{words[1:]}"


Found = Mapping[int, tuple[str, str, str, int | None]]  # title, note, words, days


def _of_studies(found: Outcome) -> Found:
    return {each.id: (each.code, each.number, day_in_words(each.now), each.days) for each in found.studies}


def _of_steps(found: Outcome) -> Found:
    return {step.id: (step.title, step.number, _told(step), step.days) for step in found.moved}


def _told(step: OnStep) -> str:
    end = day_in_words(step.end)
    return f"{step.word}, {end}" if step.word else end


def _lines(then: Found, now: Found, today: Outcome | None = None) -> Iterable[Line]:
    for key in dict.fromkeys([*then, *now]):
        title, note, *_ = then.get(key) or now[key]
        was, is_now = then.get(key), now.get(key)
        unmoved = NO_CHANGE if today is not None else ""
        yield Line(
            title,
            note,
            was[2] if was else NO_CHANGE,
            was[3] if was else 0,
            is_now[2] if is_now else unmoved,
            is_now[3] if is_now else None,
        )


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One scenario among those of its programme."""

    title: str
    href: str


def kept_of(programme: Programme, kind: RecordKind, actor: Actor) -> Sequence[KeptLine]:
    """The newest that are kept and that the actor may see."""
    if not kind.may(actor, "view"):
        return ()
    rows: Any = Scenario.objects.visible_to(actor).filter(programme=programme, status=Scenario.Status.KEPT)
    found = rows.order_by("-pk").values_list("pk", "title")[:FEW]
    return tuple(KeptLine(title, address(kind, "detail", actor, pk)) for pk, title in found)
