"""The column beside the drawing: the lanes, and the name of each row. Every text goes through `escape`."""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from oversight.kernel.components.marks import icon

from .values import ROW, Bar, Lane, row_height


def labels(lanes: Sequence[Lane]) -> SafeString:
    """The list of what is drawn, row by row; a lane's name folds and opens it."""
    dense = " gantt-labels--dense" if row_height(lanes) < ROW else ""
    rows = "".join(_lane(lane) + "".join(map(_bar, lane.shown)) for lane in lanes)
    return mark_safe(f'<ol class="gantt-labels{dense}">{rows}</ol>')  # noqa: S308  escaped below


def _lane(lane: Lane) -> str:
    count = len(lane.bars)
    said = f"{'Show' if lane.is_folded else 'Fold'} {count} {'step' if count == 1 else 'steps'}"
    chevron = icon("chevron-right" if lane.is_folded else "chevron-down")
    place = f"<span>{escape(lane.place)}</span>"
    return (
        f'<li class="gantt-lane" hx-boost="true" hx-inherit="*"><a href="{escape(lane.toggle)}" title="{said}">'
        f'{chevron}<b>{escape(lane.title)}</b><span class="visually-hidden">, {said.lower()}</span></a>{place}</li>'
    )


def _bar(bar: Bar) -> str:
    tone, shape = bar.shape
    drawn = f'<svg class="glyph" data-tone="{tone}" aria-hidden="true"><use href="#g-{shape}"/></svg>'
    note = f"<small>{escape(bar.note)}</small>" if bar.note else ""
    return f'<li>{drawn}<span><a href="{escape(bar.href)}">{escape(bar.title)}</a>{note}</span></li>'
