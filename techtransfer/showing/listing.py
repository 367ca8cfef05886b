"""The list of programmes: each with its first study, how late it is, how much is left, and what stands still."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from oversight.kernel.access.scope import Actor
from oversight.kernel.components.marks import badge, slip, status
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from techtransfer.models import Milestone, Programme, Study

from .words import on

HEADS = ("Phase", "Markets", "First patient in", "Slip", "Float", "On hold", "Status")
NONE = mark_safe('<span class="absent">None</span>')


@dataclass(frozen=True, slots=True)
class Standing:
    """How the first study of a programme stands."""

    code: str = ""
    forecast: date | None = None
    slip: int | None = None
    float: int | None = None
    others: int = 0  # studies that come later


def rows(kind: RecordKind, programmes: Sequence[Programme], actor: Actor) -> list[SafeString]:
    """The lines, with one statement for all their studies and one for all their holds."""
    keys = [programme.pk for programme in programmes]
    studies, held = _standings(keys, actor), _held(keys, actor)
    return [
        _row(kind, programme, studies.get(programme.pk, Standing()), held.get(programme.pk, 0), actor)
        for programme in programmes
    ]


def _standings(keys: Sequence[int], actor: Actor) -> dict[int, Standing]:
    found: dict[int, list[Study]] = {}
    fields = ("programme_id", "code", "forecast_first_patient_in", "slip_days", "float_days", "status")
    open_ones = Study.objects.visible_to(actor).filter(programme_id__in=keys, status=Study.Status.PLANNED)
    for study in open_ones.only(*fields).order_by("pk"):
        found.setdefault(study.programme_id, []).append(study)
    standings = {}
    for programme, studies in found.items():
        # The one that is latest against what was agreed: a study on its day would hide it.
        first = min(studies, key=lambda one: (-(one.slip_days or 0), one.forecast_first_patient_in or date.max, one.pk))
        standings[programme] = Standing(
            first.code, first.forecast_first_patient_in, first.slip_days, first.float_days, len(studies) - 1
        )
    return standings


def _held(keys: Sequence[int], actor: Actor) -> dict[int, int]:
    found = Milestone.objects.visible_to(actor).filter(
        programme_id__in=keys, status__in=Milestone.OPEN, held_since__isnull=False
    )
    return dict(found.order_by().values_list("programme_id").annotate(count=Count("pk")))


def _row(kind: RecordKind, programme: Programme, study: Standing, held: int, actor: Actor) -> SafeString:
    tone, glyph = kind.tones["status"][programme.status]
    cells: Iterable[tuple[str, str | SafeString]] = (
        ("Phase", programme.get_phase_display()),
        ("Markets", _markets(programme)),
        ("First patient in", _study(study)),
        ("Slip", slip(study.slip) if study.slip is not None else NONE),
        ("Float", f"{study.float} d" if study.float is not None else NONE),
        ("On hold", badge("warn", f"{held} {'step' if held == 1 else 'steps'}", "hold") if held else NONE),
        ("Status", status(tone, glyph, programme.get_status_display())),
    )
    return format_html(
        '<tr><td class="cell-lead"><a class="cell-main" href="{}">{}</a>'
        '<div class="meta"><span class="id">{}</span><span>{}</span></div></td>{}</tr>',
        address(kind, "detail", actor, programme.pk),
        programme,
        programme.number,
        programme.product,
        format_html_join("", '<td data-label="{}"><span>{}</span></td>', cells),
    )


def _study(study: Standing) -> SafeString:
    if not study.code:
        return format_html('<span class="absent">{}</span>', "No study")
    more = f" and {study.others} more" if study.others else ""
    day = format_html('<b class="num">{}</b>', on(study.forecast)) if study.forecast else NONE
    return format_html('{}<span class="note note--block nowrap">{}{}</span>', day, study.code, more)


def _markets(programme: Programme) -> SafeString:
    chosen = [name for name in Programme.MARKETS if getattr(programme, name)]
    if not chosen:
        return NONE
    words = ((Programme._meta.get_field(name).verbose_name, name.rpartition("_")[2].upper()) for name in chosen)
    return format_html_join(", ", '<abbr title="{}">{}</abbr>', words)
