"""The bar “What if” on the page of a programme: what can be supposed, what was, and what it comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.words import day_in_words
from oversight.kernel.workflow.refusals import Refused
from techtransfer.drawing import Imagined, Span
from techtransfer.forecast.days import date_of
from techtransfer.models import Milestone, Programme
from techtransfer.whatif.ground import RELEASE, Ground
from techtransfer.whatif.outcome import OnStudy, first_of
from techtransfer.whatif.preview import Preview, ground_of, preview_on, refuse_out_of_hand
from techtransfer.whatif.suppositions import (
    ABOUT,
    COUNTED,
    SAYS,
    Impossible,
    Kind,
    Supposition,
    parse,
    suppose,
    together,
    written,
)
from techtransfer.whatif.words import sentence

from .steps import is_held

MOST_SLOTS = 40
HAPPENS = (
    Kind.BATCH_REJECTED, Kind.STEP_LATER, Kind.SLOT_LOST, Kind.RELEASE_LATE, Kind.RELEASE_EARLY, Kind.HOLD_LATER,
)  # fmt: skip
PLANNED = (Kind.DURATION, Kind.START_FREED, Kind.EVERY_DAY, Kind.HOLD_ENDS, Kind.QUARANTINE)
AHEAD = "The plan was changed a moment ago. What you see counts it; the dates below follow when they are computed."
CHANGED = "The dates were computed anew since you opened this page. What you see is of the plan as it is now."


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    code: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices under one heading."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One supposition that is part of the preview already, and the address without it."""

    words: str
    line: str
    without: str


@dataclass(slots=True)
class Bar:
    """Everything that the bar and the panel under it show."""

    url: str
    records: tuple[Choices, ...]
    kinds: tuple[Choices, ...]
    days: str = ""
    as_of: str = ""
    before: tuple[str, ...] = ()  # lines that were supposed before the one in the boxes
    said: tuple[Said, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)
    why_not: str = ""
    changed: str = ""
    preview: Preview | None = None
    first: OnStudy | None = None
    keep_url: str = ""
    also_url: str = ""
    compare_url: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether anything is supposed, rightly or wrongly."""
        return bool(self.preview or self.problems)

    @property
    def shorts(self) -> Mapping[int, str] | None:
        """What the table says of each step while it is previewed."""
        return {key: step.short for key, step in self.preview.outcome.steps.items()} if self.preview else None

    @property
    def imagined(self) -> Mapping[int, Imagined]:
        """What the drawing shows of each step that something happens to or that moves."""
        if not self.preview:
            return {}
        return {
            step.id: Imagined(Span(step.start, step.end) if step.moves else None, step.word)
            for step in self.preview.outcome.moved
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """The query, taken apart."""

    lines: list[str]
    record: str
    kind: str
    days: str
    as_of: datetime | None
    also: bool  # one more is to be supposed: the boxes are empty

    @classmethod
    def of(cls, query: QueryDict) -> "_Asked":
        given = {name: query.get(name, "").strip()[:60] for name in ("record", "what", "days", "as_of")}
        as_of = moment_of(given["as_of"])
        lines = [line for line in query.getlist("if") if line.strip()][:20]
        return cls(lines, given["record"], given["what"], given["days"], as_of, "also" in query)


def bar_of(
    programme: Programme, steps: Sequence[Milestone], query: QueryDict, kinds: Mapping[str, RecordKind], actor: Actor
) -> tuple[Bar, Ground | None]:
    """The bar, and the plan that it stands on where it was read; `kinds` are those of programme and scenario."""
    asked, url = _Asked.of(query), address(kinds["programme"], "detail", actor, programme.pk)
    bar = Bar(url, (), ())
    try:
        refuse_out_of_hand(programme, actor)
        ground = ground_of(programme, by=actor)
    except Refused as refusal:
        bar.why_not = " ".join(refusal.sentences)
        return bar, None
    bar.as_of = _stamp(programme)
    several, chosen = _supposed(asked, ground, bar)
    if several and not bar.problems:
        try:
            bar.preview = preview_on(ground, several)
        except Impossible as refusal:
            bar.problems = {refusal.field: str(refusal)}
    _say(bar, several, chosen, ground)
    if bar.preview:
        _follow(bar, asked, several, kinds, programme, actor)
    bar.records, bar.kinds = _records(steps, ground, chosen, asked), _kinds(chosen, asked)
    bar.days = asked.days or (str(chosen.days) if chosen and chosen.days else "")
    return bar, ground


def _supposed(asked: _Asked, ground: Ground, bar: Bar) -> tuple[tuple[Supposition, ...], Supposition | None]:
    """All that is supposed, and the one that stands in the boxes; what makes no sense is said beside its box."""
    try:
        before = parse("\n".join(asked.lines))
        if not (asked.record or asked.kind):
            in_boxes = bool(before) and not asked.also and before[-1].kind in (*HAPPENS, *PLANNED)
            return before, before[-1] if in_boxes else None
        said = suppose(asked.kind, _meant(asked.kind, asked.record, ground), asked.days)
        return together([*before, said]), said
    except Impossible as refusal:
        bar.problems = {refusal.field: str(refusal)}
        return (), None


def _meant(kind: str, number: str, ground: Ground) -> str:
    """The record that the happening is about, where another one of the same was chosen: a batch for its release."""
    key, about = ground.by_number.get(number), ABOUT.get(Kind(kind)) if kind in Kind.__members__ else ""
    if key is not None and about == "batch":
        return ground.called[key].batch_number or number
    if key is not None and about == "hold":
        return ground.called[key].hold_number or number
    of_batch = ground.of_batch(number)
    if of_batch and about == "hold":
        return next((n for k in of_batch if (n := ground.called[k].hold_number)), number)
    if of_batch and about == "step":
        release = next((k for k in of_batch if ground.called[k].step == RELEASE), None)
        made = next((k for k in of_batch if ground.called[k].step != RELEASE), None)
        wanted = release if kind in (Kind.RELEASE_EARLY, Kind.RELEASE_LATE, Kind.QUARANTINE) else made
        return ground.plan.steps[wanted].number if wanted is not None else number
    return number


def _say(bar: Bar, several: tuple[Supposition, ...], chosen: Supposition | None, ground: Ground) -> None:
    """What is supposed besides the one in the boxes stands beneath them, each with the way to take it out."""
    rest = [each for each in several if each is not chosen]
    bar.before = tuple(each.line for each in rest)
    bar.said = tuple(
        Said(sentence(ground, each), each.line, _link(bar.url, (one for one in several if one is not each), bar.as_of))
        for each in several
    )


def _follow(
    bar: Bar,
    asked: _Asked,
    several: tuple[Supposition, ...],
    kinds: Mapping[str, RecordKind],
    programme: Programme,
    actor: Actor,
) -> None:
    bar.first = first_of(bar.preview.outcome) if bar.preview else None
    if bar.preview and bar.preview.is_ahead:
        bar.changed = AHEAD
    elif has_moved_on(programme, asked.as_of):
        bar.changed = CHANGED
    scenario = kinds["scenario"]
    if scenario.may_write(actor, "create"):
        told = {"programme": programme.pk, "if": written(several), "as_of": bar.as_of}
        bar.keep_url = f"{address(scenario, 'create', actor)}?{urlencode(told)}"
    bar.also_url = _link(bar.url, several, bar.as_of, also=True)


def has_moved_on(programme: Programme, as_of: datetime | None) -> bool:
    """Whether the dates were computed anew since somebody looked at those of that moment."""
    return as_of is not None and programme.forecast_at is not None and as_of != programme.forecast_at


def moment_of(typed: str) -> datetime | None:
    """The moment that an address names; None for what is none."""
    try:
        return parse_datetime(typed)
    except ValueError:
        return None


def _link(url: str, several: Iterable[Supposition], as_of: str, *, also: bool = False) -> str:
    lines = [("if", each.line) for each in several]
    more = [("also", "1")] if also else []
    return f"{url}?{urlencode([*lines, *more, ('as_of', as_of)])}#what-if" if lines else f"{url}#what-if"


def preview_link(url: str, said: Supposition, as_of: str) -> str:
    """Where one supposition is previewed."""
    return _link(url, [said], as_of)


def _stamp(programme: Programme) -> str:
    return programme.forecast_at.isoformat() if programme.forecast_at else ""


def _records(
    steps: Sequence[Milestone], ground: Ground, chosen: Supposition | None, asked: _Asked
) -> tuple[Choices, ...]:
    """What something can happen to: batches that are not released, open steps, slots to come, and what holds."""
    now = chosen.record if chosen else asked.record
    still = [step for step in steps if step.is_open]
    released = {step.batch_number for step in steps if step.step == RELEASE and not step.is_open}
    batches = dict.fromkeys(step.batch_number for step in still if step.batch_number not in ("", *released))
    holds = {step.hold_number: step.title for step in still if is_held(step) and step.hold_number}
    wanted = {(step.site, step.line) for step in ground.plan.steps.values() if step.line}
    slots = [s for s in ground.slots if s.day >= ground.plan.today and (s.site, s.line) in wanted][:MOST_SLOTS]
    return tuple(
        Choices(title, tuple(Choice(code, words, code == now) for code, words in found))
        for title, found in (
            ("Batches", [(number, number) for number in batches]),
            ("Steps", [(step.number, step.title) for step in still]),
            ("Slots", [(slot.number, f"{slot.line}, {_day(slot.day)}") for slot in slots]),
            ("What holds a step", [(number, f"{number}, {title}") for number, title in holds.items()]),
        )
        if found
    )


def _kinds(chosen: Supposition | None, asked: _Asked) -> tuple[Choices, ...]:
    now = str(chosen.kind) if chosen else asked.kind
    return tuple(
        Choices(title, tuple(Choice(str(kind), _says(kind), kind == now) for kind in several))
        for title, several in (("It happens that it", HAPPENS), ("Somebody sees to it that it", PLANNED))
    )


def _says(kind: Kind) -> str:
    return f"{SAYS[kind]} …" if kind in COUNTED and kind is not Kind.DURATION else SAYS[kind]


def _day(day: int) -> str:
    return day_in_words(date_of(day))
