"""The programmes on Today: when each study starts, how far that is from its baseline, and what moved it most."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, Max, Prefetch, Q

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.words import day_in_words
from oversight.roles import DEVELOPMENT, Role
from techtransfer.models import Milestone, Programme, Study
from techtransfer.records import PROGRAMME, STUDY
from techtransfer.sight import Ref, problem_of

from .causes import Because, because, unseen

SHOWN = 6
FAR = 14  # days, from which a slip is no longer a warning
PLANNERS = DEVELOPMENT | {Role.SUPPLY}  # whose day begins with the dates
WAITING = (Study.Status.PLANNED, Study.Status.RUNNING)


@dataclass(frozen=True, slots=True)
class Line:
    """One programme with the study that slips most, or starts first."""

    tone: str
    glyph: str
    code: str
    phase: str
    href: str
    study: str
    study_href: str
    was: str  # 12 Apr 2027; empty where it stands on its day
    now: str
    slip: int | None
    words: str  # instead of the dates, where there are none
    cause: Because | None
    float: str
    others: str


def leads_with_dates(actor: Actor) -> bool:
    """Whether the actor's day begins with dates, not with decisions."""
    return actor.role in PLANNERS


def programmes(actor: Actor) -> tuple[Line, ...]:
    """Every active programme, those that slip first; in two statements."""
    if not PROGRAMME.may(actor, "view"):
        return ()
    studies = Study.objects.visible_to(actor).filter(status__in=WAITING)
    late = Max("studies__slip_days", filter=Q(studies__status=Study.Status.PLANNED))
    rows = Programme.objects.visible_to(actor).filter(status=Programme.Status.ACTIVE).select_related("product")
    rows = rows.annotate(late=late).order_by(F("late").desc(nulls_last=True), "id")
    found = list(rows.prefetch_related(Prefetch("studies", studies, to_attr="waiting"))[:SHOWN])
    shown = [(each, first(each.waiting)) for each in found]
    tops = {study.pk: top for _, study in shown if study and (top := biggest(study.chain))}
    hidden = unseen(actor, [ref for top in tops.values() for ref in refs(top)])
    return tuple(_line(actor, each, study, tops.get(study.pk) if study else None, hidden) for each, study in shown)


def starts(actor: Actor) -> Any:
    """The studies that have still to start."""
    if not STUDY.may(actor, "view"):
        return Study.objects.none()
    rows = Study.objects.visible_to(actor).filter(programme__status=Programme.Status.ACTIVE)
    return rows.filter(status=Study.Status.PLANNED)


def first(studies: Iterable[Study]) -> Study | None:
    """Of those that have not begun the one that slips most, else the one that starts first; else one that runs."""

    def place(study: Study) -> tuple[bool, int, date, int]:
        day = study.forecast_first_patient_in or date.max
        return study.status != Study.Status.PLANNED, -max(study.slip_days or 0, 0), day, study.pk

    return min(studies, key=place, default=None)


def biggest(chain: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What of the chain moved the date most; nothing of one that stands on its day or was won back."""
    top = max(chain, key=lambda share: share["days"], default=None)
    return top if top and top["days"] > 0 else None


def refs(share: dict[str, Any]) -> tuple[Ref, Ref]:
    """The record on whose account the days are, and the step at which they arise, which its words name."""
    return (share["kind"], share["id"]), (Milestone._meta.db_table, share["milestone"])


def _line(actor: Actor, programme: Any, study: Study | None, top: dict[str, Any] | None, hidden: set[Ref]) -> Line:
    slip = study.slip_days if study and study.status == Study.Status.PLANNED else None
    tone, glyph = _look(slip)
    known = study and study.agreed_first_patient_in
    now = study.forecast_first_patient_in if study else None
    return Line(
        tone=tone,
        glyph=glyph,
        code=programme.product.code,
        phase=programme.get_phase_display(),
        href=address(PROGRAMME, "detail", actor, programme.pk),
        study=study.code if study else "",
        study_href=address(STUDY, "detail", actor, study.pk) if study else "",
        was=day_in_words(known) if known and slip else "",
        now=day_in_words(now) if now else "",
        slip=slip,
        words=_instead(programme, study, actor),
        cause=_cause(actor, top, hidden) if top and slip and slip > 0 else None,
        float=_float(study) if slip is not None else "",
        others=_others(len(programme.waiting) - 1),
    )


def _look(slip: int | None) -> tuple[str, str]:
    if slip is None:
        return "neutral", "open"
    return ("danger", "warn") if slip >= FAR else ("warn", "warn") if slip > 0 else ("ok", "ok")


def _instead(programme: Any, study: Study | None, actor: Actor) -> str:
    """What is said where no first day is forecast."""
    if study is None:
        return "No study waits for it yet."
    if study.status == Study.Status.RUNNING:
        day = study.actual_first_patient_in
        return f"runs since {day_in_words(day)}" if day else "runs"
    if study.forecast_first_patient_in:
        return ""
    return problem_of(programme, actor) or "no date is forecast yet: choose the step with which the study starts"


def _cause(actor: Actor, top: dict[str, Any], hidden: set[Ref]) -> Because:
    seen = hidden.isdisjoint(refs(top))
    found = because(actor, top["kind"], top["id"], top["number"], top["cause"], days=top["days"], seen=seen)
    # A step is told with its own title, which goes on from its number.
    titled = seen and found.number and top["kind"] == Milestone._meta.db_table
    return replace(found, words=f" {top['cause']}") if titled else found


def _float(study: Study | None) -> str:
    """How much another chain has to gain before it decides instead."""
    days = study.float_days if study else None
    if days is None:
        return ""
    return "1 day of float" if days == 1 else f"{days} days of float"


def _others(count: int) -> str:
    if count < 1:
        return ""
    return "and 1 more study" if count == 1 else f"and {count} more studies"
