"""The drawn plan of a programme: its lanes, its arrows, and the period and folding that the address asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from techtransfer.drawing import Arrow, Bar, Imagined, Lane, Period, Span, choose, draw, labels
from techtransfer.drawing.period import WIDTH, ZOOMS, months_later
from techtransfer.drawing.values import MANY
from techtransfer.models import Dependency, Milestone

from .steps import Group, StepLine, is_held

ZOOM_WORDS = {"": "Fit", "3m": "3 months", "6m": "6 months", "12m": "Year", "all": "All"}
SHUT, ZOOM, SINCE = "shut", "period", "since"
GLYPHS = {"DONE": ("ok", "ok"), "IN_PROGRESS": ("info", "progress"), "PLANNED": ("", "open")}
Links = Sequence[Dependency]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to look at the plan, and its address."""

    words: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """The plan, ready for its panel."""

    labels: SafeString
    svg: SafeString
    zooms: Sequence[Choice]
    earlier: str
    later: str
    folding: Choice | None
    outside: int  # steps that the period does not show
    is_wide: bool  # it scrolls sideways on every screen
    today_at: int  # pixels from the left, for the first look on a phone


def drawn(
    groups: Sequence[Group], links: Links, asked: QueryDict, *, imagined: Mapping[int, Imagined] | None = None
) -> Drawn | None:
    """The plan as `asked`; None of a programme without steps."""
    today = timezone.now().date()
    bars = {key: [_bar(line, (imagined or {}).get(line.step.pk)) for line in lines] for key, lines in _lanes(groups)}
    every = [bar for found in bars.values() for bar in found]
    if not every:
        return None
    period = choose(
        asked.get(ZOOM, ""),
        _day(asked.get(SINCE, "")),
        work=_span(bar for bar in every if not bar.is_done),
        everything=_span(every),
        today=today,
    )
    seen = {key: [bar for bar in found if bar.lies_in(period.first, period.last)] for key, found in bars.items()}
    seen = {key: found for key, found in seen.items() if found}
    shut = _shut(asked, seen)
    heads = {_key(group): group for group in groups}
    lanes = [
        Lane(key, heads[key].stage, heads[key].place, found, key in shut, _with(asked, shut=shut ^ {key}))
        for key, found in seen.items()
    ]
    arrows = [Arrow(link.predecessor_id, link.successor_id, link.link) for link in links]
    return Drawn(
        labels(lanes),
        draw(lanes, arrows, period, today=today),
        [Choice(words, _zoomed(asked, zoom, period), zoom == period.zoom) for zoom, words in ZOOM_WORDS.items()],
        _moved(asked, period, -1),
        _moved(asked, period, 1),
        _folding(asked, seen, shut),
        len(every) - sum(map(len, seen.values())),
        period.width > WIDTH,
        round(period.at(today)) if period.has(today) else 0,
    )


def _lanes(groups: Iterable[Group]) -> Iterable[tuple[str, Sequence[StepLine]]]:
    return ((_key(group), group.lines) for group in groups)


def _key(group: Group) -> str:
    step = group.lines[0].step
    return f"{step.stage}.{step.cdmo_id or 0}.{step.site_id or 0}"


def _bar(line: StepLine, imagined: Imagined | None) -> Bar:
    step = line.step
    done = step.status == Milestone.Status.DONE
    start, end = (step.actual_start, step.actual_end) if done else (step.forecast_start, step.forecast_end)
    moment = not step.duration_days
    return Bar(
        id=step.pk,
        title=step.title,
        href=line.href,
        note=_note(line),
        shape=("warn", "hold") if is_held(step) else ("warn", "warn") if step.warning else GLYPHS[step.status],
        span=Span(end if moment else start or end, end) if end else None,
        baseline=Span(step.baseline_end if moment else step.baseline_start or step.baseline_end, step.baseline_end)
        if step.baseline_end
        else None,
        is_moment=moment,
        is_done=done,
        is_critical=step.is_critical and not done,
        slip=step.slip_days or 0,
        imagined=imagined,
    )


def _note(line: StepLine) -> str:
    """How it stands: DS-26-014, in progress, on hold."""
    step = line.step
    said = [step.batch_number] if step.batch_number else []
    said.append("on hold" if is_held(step) else str(step.get_status_display()).lower())
    return ", ".join(said)


def _span(bars: Iterable[Bar]) -> Span | None:
    days = [day for bar in bars for day in bar.days()]
    return Span(min(days), max(days)) if days else None


def _shut(asked: QueryDict, seen: Mapping[str, Sequence[Bar]]) -> frozenset[str]:
    """The lanes that are folded: those asked for; unasked so many, the longest first, that the rest is legible.

    Lanes of studies stay open the longest, then those in which a what-if moves something, then the critical ones.
    """
    if SHUT in asked:
        return frozenset(asked[SHUT].split(",")) & seen.keys()
    rows = sum(map(len, seen.values()))
    shut: set[str] = set()
    for key in sorted(seen, key=lambda each: _weight(each, seen[each])):
        if rows <= MANY:
            break
        shut.add(key)
        rows -= len(seen[key])
    return frozenset(shut)


def _weight(key: str, bars: Sequence[Bar]) -> tuple[bool, bool, bool, int]:
    moved, critical = any(bar.imagined for bar in bars), any(bar.is_critical for bar in bars)
    return key.startswith(Milestone.Stage.STUDY), moved, critical, -len(bars)


def _folding(asked: QueryDict, seen: Mapping[str, Sequence[Bar]], shut: frozenset[str]) -> Choice | None:
    if len(seen) < 2:
        return None
    if shut:
        return Choice("Open all", _with(asked, shut=frozenset()))
    return Choice("Fold all", _with(asked, shut=frozenset(seen)))


def _zoomed(asked: QueryDict, zoom: str, period: Period) -> str:
    """Another length of the period, from the same day on where both have one."""
    since = period.first if zoom in ZOOMS and period.zoom in ZOOMS else None
    return _with(asked, zoom=zoom, since=since)


def _moved(asked: QueryDict, period: Period, way: int) -> str:
    """The period before this one, or behind it; of what was chosen to fit, by the half year."""
    zoom = period.zoom if period.zoom in ZOOMS else "6m"
    if period.zoom == "all":
        return ""
    if not period.zoom and way < 0:
        return _with(asked, zoom=zoom, since=months_later(period.first, -ZOOMS[zoom]))
    return _with(asked, zoom=zoom, since=months_later(period.first, way * ZOOMS[zoom]))


def _with(
    asked: QueryDict,
    *,
    shut: frozenset[str] | None = None,
    zoom: str | None = None,
    since: date | None = None,
) -> str:
    """The address of this page with one thing changed, whatever else it asks for."""
    kept = asked.copy()
    if shut is not None:
        kept[SHUT] = ",".join(sorted(shut))
    if zoom is not None:
        for name, value in ((ZOOM, zoom), (SINCE, since.isoformat() if since else "")):
            kept.pop(name, None)
            if value:
                kept[name] = value
    return f"?{kept.urlencode()}#plan"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
