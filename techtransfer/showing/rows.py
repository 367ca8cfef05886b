"""The rows of a plan as HTML. Put together here and not by a template: a plan has hundreds of them.

Every text goes through `escape`.
"""

from collections.abc import Mapping
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from oversight.kernel.components.marks import badge, glyph, slip, status
from techtransfer.whatif.outcome import NO_CHANGE as NOTHING_MOVES

from .steps import Group, StepLine, is_held
from .warnings import WarningLine
from .words import Words, on

CRITICAL = (
    f' <span class="crit" title="On the critical path">{glyph("crit")}'
    '<span class="visually-hidden">on the critical path</span></span>'
)
ON_HOLD = badge("warn", "On hold", "hold")
STATUS = {"DONE": status("ok", "ok", "Done"), "IN_PROGRESS": status("info", "progress", "In progress")}
NO_CHANGE = '<span class="muted">0 d</span>'


def table(
    groups: list[Group], warned: Mapping[int, WarningLine], supposed: Mapping[int, str] | None = None
) -> SafeString:
    """The bodies of the table, one for each stage at each site.

    By the key of a step: `warned` is its early warning, `supposed` what a preview says of it.
    """
    return mark_safe("".join(_body(group, warned, supposed) for group in groups))  # noqa: S308  texts are escaped below


def _body(group: Group, warned: Mapping[int, WarningLine], supposed: Mapping[int, str] | None) -> str:
    head = f'<span class="cluster">{escape(group.stage)} <span class="push">{escape(group.place)}</span></span>'
    rows = "\n".join(_row(line, warned.get(line.step.pk), supposed) for line in group.lines)
    width = 7 if supposed is None else 8
    return f'<tbody><tr><th class="row-head" colspan="{width}" scope="rowgroup">{head}</th></tr>\n{rows}</tbody>'


def _row(line: StepLine, warned: WarningLine | None, supposed: Mapping[int, str] | None) -> str:
    step = line.step
    lead = f'<a class="cell-main" href="{escape(line.href)}">{escape(step.title)}</a>'
    lead += (CRITICAL if step.is_critical else "") + _beneath(line, warned)
    slipped = _absent("None") if step.slip_days is None else slip(step.slip_days) if step.slip_days else NO_CHANGE
    left = _absent("No study") if step.float_days is None else f"{step.float_days} d"
    said = "" if supposed is None else _supposed(supposed.get(step.pk, ""))
    return (
        f'<tr><td class="cell-lead">{lead}</td>'
        f'<td data-label="Partner"><span class="small muted">{escape(line.partner)}</span></td>'
        f'<td data-label="Baseline end" class="num">{_day(step.baseline_end, "None")}</td>'
        f'<td data-label="Forecast end" class="num strong">{_day(step.forecast_end, "None yet")}</td>'
        f'<td data-label="Slip" class="num">{slipped}</td>{said}'
        f'<td data-label="Float" class="num muted">{left}</td>'
        f'<td data-label="Driver"><span class="small muted">{_driver(line.driver)}</span></td></tr>'
    )


def _beneath(line: StepLine, warned: WarningLine | None) -> str:
    """What stands under the title: where it is, its batch, its hold, and what is odd about it."""
    step = line.step
    marks = STATUS.get(step.status, "")
    if line.batch:
        marks += f'<a class="id" href="{escape(line.batch.href)}">{escape(line.batch.number)}</a>'
    elif step.batch_number:
        marks += f'<span class="id">{escape(step.batch_number)}</span>'
    marks += ON_HOLD if is_held(step) else ""
    if warned is not None and warned.level != "NOTED":
        words = f"{warned.word}: likely late"
        marks += f'<a href="{escape(warned.href)}">{badge(warned.tone, words, warned.glyph)}</a>'
    found = f'<div class="meta">{marks}</div>' if marks else ""
    if step.warning:
        found += f'<div class="note" data-tone="warn">{glyph("warn")}{escape(step.warning)}</div>'
    return found


def _supposed(words: str) -> str:
    tone = "muted" if words in ("", NOTHING_MOVES) else "whatif-moved"
    said, _, end = words.rpartition(", ")  # what happens, and the day on which it ends then
    told = f"{escape(said)}<br>{escape(end)}" if said else escape(words)
    return f'<td data-label="What if" class="num {tone}"><span>{told}</span></td>'


def _driver(words: Words) -> str:
    name = escape(words.name)
    return f"{escape(words.text)} " + (f'<a href="{escape(words.href)}">{name}</a>' if words.href else name)


def _day(day: date | None, nothing: str) -> str:
    return on(day) if day else _absent(nothing)


def _absent(said: str) -> str:
    return f'<span class="absent">{said}</span>'
