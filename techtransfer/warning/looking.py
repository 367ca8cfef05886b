"""Look for steps that are likely to end late, and keep what is found: computed from rows, twice gives the same."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change
from techtransfer.forecast.days import date_of, day_of
from techtransfer.models import EarlyWarning, Milestone, Programme

from .facts import facts_of
from .judging import Judgement, judge
from .likelihood import Posterior
from .reading import Known, read
from .wording import percent, sentence

Level, Status, Ended, Basis = EarlyWarning.Level, EarlyWarning.Status, EarlyWarning.Ended, EarlyWarning.Basis
GRADES = ("", Level.NOTED.value, Level.AMBER.value, Level.RED.value)
LOOKED = "What is known of the step changed."
OVER = "What it warned of is over."
CAME_TO = "The step has ended."


def look(programmes: Collection[int], *, by: Actor) -> int:
    """Judge every open step of these programmes, and let the warnings say what is found; answers how many changed."""
    today = day_of(timezone.now().date())
    with change(by=by, reason=LOOKED):
        active = _locked(programmes, by)
        known = read(active, today=today, by=by)
        facts = facts_of(known, by=by)
        found = {step.id: judge(step, known, facts.get(step.id, ())) for step in known.steps}
        aside = _set_aside(known, by)
        found = {key: each for key, each in found.items() if not _is_aside(aside.get(key), each, known)}
        return _keep(found, _standing(programmes, by), known, by) + _settle(programmes, by)


def posteriors(programme: Programme | int, *, by: Actor) -> dict[int, Posterior]:
    """What is known of the length of each step under way, by key: the draw of a simulation.

    Only of steps whose kind has been finished often enough; of the others their three-point estimate says as much.
    """
    key = programme if isinstance(programme, int) else programme.pk
    known = read([key], today=day_of(timezone.now().date()), by=by)
    found = (judge(step, known) for step in known.steps)
    return {each.step.id: each.posterior for each in found if each.posterior is not None and each.basis == Basis.LEARNT}


def _locked(programmes: Collection[int], by: Actor) -> list[int]:
    """Lock them in one order: who looks at the same plan at once does it in turn. Closed ones are not judged."""
    rows = Programme.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    rows = rows.filter(pk__in=programmes).order_by("pk")
    return [pk for pk, status in rows.values_list("pk", "status") if status == Programme.Status.ACTIVE]


def _standing(programmes: Collection[int], by: Actor) -> dict[int, EarlyWarning]:
    rows = EarlyWarning.objects.visible_to(by).filter(programme_id__in=programmes, status=Status.OPEN)
    return {warning.milestone_id: warning for warning in rows.order_by("pk")}


def _set_aside(known: Known, by: Actor) -> dict[int, EarlyWarning]:
    """The last that a person set aside, of each open step."""
    rows = EarlyWarning.objects.visible_to(by).filter(ended=Ended.SET_ASIDE)
    rows = rows.filter(milestone_id__in=[step.id for step in known.steps]).order_by("pk")
    return {warning.milestone_id: warning for warning in rows}


def _is_aside(warning: EarlyWarning | None, found: Judgement, known: Known) -> bool:
    """Whether nothing more is known than when somebody set it aside: no other check-in, and no higher level."""
    if warning is None or GRADES.index(found.level) > GRADES.index(warning.level):
        return False
    return _check_ins(warning.seen) == _check_ins(seen(found, known))


def _keep(found: dict[int, Judgement], standing: dict[int, EarlyWarning], known: Known, by: Actor) -> int:
    changed = 0
    for key, judgement in found.items():
        warning = standing.pop(key, None)
        if warning is None and judgement.level:
            _raise(judgement, known, by)
        elif warning is not None and not judgement.level:
            if _is_past(warning, known):
                continue  # its day has passed: whether it was right is seen when the step ends
            _end(warning, Ended.GONE, by)
        elif warning is None or not _sharpen(warning, judgement, known, by):
            continue
        changed += 1
    for warning in standing.values():  # of steps that are not open any more
        step = Milestone.objects.visible_to(by).get(pk=warning.milestone_id)
        _end(warning, Ended.FINISHED if step.status == Milestone.Status.DONE else Ended.TAKEN_OUT, by)
    return changed + len(standing)


def _raise(found: Judgement, known: Known, by: Actor) -> None:
    step = found.step
    warning = EarlyWarning(
        tenant_id=by.tenant, status=Status.OPEN, programme_id=step.programme, product_code=step.product_code,
        cdmo_id=step.cdmo, milestone_id=step.id, title=step.title, raised_at=timezone.now(),
    )  # fmt: skip
    _fill(warning, found, known)
    warning.save()
    publish("early_warning.raised", record=warning, by=by, level=warning.level)


def _sharpen(warning: EarlyWarning, found: Judgement, known: Known, by: Actor) -> bool:
    """Write what is another than before; a day that passes is none."""
    if _is_past(warning, known) and GRADES.index(found.level) < GRADES.index(warning.level):
        return False
    if _key(warning.level, warning.agreed_on, warning.facts, warning.seen) == _key_of(found, known):
        return False
    before = warning.level
    _fill(warning, found, known)
    with change(by=by, reason=LOOKED):
        warning.save()
        if before != warning.level:
            publish("early_warning.level", record=warning, by=by, level=warning.level, was=before)
    return True


def _fill(warning: EarlyWarning, found: Judgement, known: Known) -> None:
    agreed = found.step.agreed
    is_number = found.chance is not None and found.level != Level.NOTED
    warning.level, warning.basis = found.level, found.basis if is_number else Basis.FACTS.value
    warning.chance = percent(found.chance) if is_number and found.chance is not None else None
    warning.learnt_from, warning.learnt_here = found.cases, found.here
    warning.agreed_on = None if agreed is None else date_of(agreed)
    warning.says, warning.facts = sentence(found, known), [fact.stored() for fact in found.facts]
    warning.seen = seen(found, known)
    if found.level == Level.RED and warning.red_at is None:
        warning.red_at = timezone.now()


def _end(warning: EarlyWarning, why: str, by: Actor) -> None:
    warning.status, warning.ended, warning.ended_at = Status.OVER, why, timezone.now()
    with change(by=by, reason=OVER):
        warning.save()
        publish("early_warning.over", record=warning, by=by, status=warning.status, ended=why)


def _settle(programmes: Collection[int], by: Actor) -> int:
    """Note of each warning whose step has ended by how many days it was late: on time is 0, early is negative."""
    rows: Any = EarlyWarning.objects.visible_to(by).filter(
        programme_id__in=programmes, late_days=None, milestone__status=Milestone.Status.DONE
    )
    found = list(rows.exclude(agreed_on=None).exclude(milestone__actual_end=None).select_related("milestone"))
    for warning in found:
        warning.late_days = (warning.milestone.actual_end - warning.agreed_on).days
        with change(by=by, reason=CAME_TO):
            warning.save()
    return len(found)


def _is_past(warning: EarlyWarning, known: Known) -> bool:
    """Whether the agreed end has passed: the delay is a fact then, and no warning any more."""
    return warning.agreed_on is not None and day_of(warning.agreed_on) < known.today and warning.level != Level.NOTED


def _key_of(found: Judgement, known: Known) -> tuple[Any, ...]:
    agreed = found.step.agreed
    facts = [fact.stored() for fact in found.facts]
    return _key(found.level, None if agreed is None else date_of(agreed), facts, seen(found, known))


def _key(level: str, agreed: date | None, facts: list[dict[str, Any]], told: str) -> tuple[Any, ...]:
    """What makes a warning another one: its level, the day, what was said and the facts; not that a day passes."""
    return level, agreed, [fact["says"] for fact in facts], _check_ins(told)


def _check_ins(told: str) -> Any:
    return json.loads(told or "{}").get("check_ins")


def seen(found: Judgement, known: Known) -> str:
    """The data that it rests on, as canonical JSON: the same data give the same bytes."""
    step = found.step
    told = {
        "as_of": date_of(known.today).isoformat(),
        "step": step.id,
        "kind": step.kind,
        "partner": step.cdmo,
        "plan_days": step.plan,
        "three_point": [step.optimistic, step.plan, step.pessimistic],
        "agreed": None if step.agreed is None else date_of(step.agreed).isoformat(),
        "room_days": known.room(step) if step.is_under_way and step.agreed is not None else None,
        "worked_days": known.worked(step, known.today) if step.is_under_way else None,
        "check_ins": [
            {
                "id": said.id,
                "as_of": date_of(said.day).isoformat(),
                "percent": said.percent,
                "worked_days": each.elapsed,
            }
            for said, each in zip(known.said.get(step.id, ()), known.readings(step), strict=True)
        ],
        "finished": found.cases,
        "finished_here": found.here,
        "basis": found.basis,
        "posterior": found.posterior and [_short(found.posterior.mean), _short(found.posterior.sd)],
        "chance": None if found.chance is None else _short(found.chance),
        "chance_at_check_ins": [_short(chance) for chance in found.at_check_ins],
        "bands": [[_short(band.bias), _short(band.sd), band.cases] for band in known.experience.bands],
        "shared": _short(known.experience.shared),
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _short(value: float) -> float:
    return round(value, 6)
