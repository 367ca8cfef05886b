"""What follows when a baseline is proposed and approved: a few statements, however many steps the programme has."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from techtransfer.models import Baseline, Milestone, Programme

from .plan import demand_open

NAMED = 3
NO_STEP = "This programme has no step yet: plan its steps first."
# A table that is never written but here, and columns that nothing else writes.
_FREEZE = """
INSERT INTO techtransfer_baselinedate (tenant_id, baseline_id, milestone_id, start_on, end_on)
SELECT tenant_id, %s, id, coalesce(forecast_start, planned_start), coalesce(forecast_end, planned_end)
  FROM techtransfer_milestone
 WHERE tenant_id = %s AND programme_id = %s AND status <> 'VOID'
"""
_STEPS = """
UPDATE techtransfer_milestone m
   SET baseline_start = d.start_on, baseline_end = d.end_on, slip_days = m.forecast_end - d.end_on
  FROM techtransfer_baselinedate d
 WHERE d.tenant_id = %(tenant)s AND d.baseline_id = %(baseline)s
   AND m.tenant_id = d.tenant_id AND m.id = d.milestone_id AND m.status <> 'VOID'
   AND (m.baseline_start, m.baseline_end) IS DISTINCT FROM (d.start_on, d.end_on)
"""
_STUDIES = """
UPDATE techtransfer_study s
   SET baseline_first_patient_in = d.end_on, slip_days = s.forecast_first_patient_in - d.end_on
  FROM techtransfer_baselinedate d
 WHERE d.tenant_id = %(tenant)s AND d.baseline_id = %(baseline)s
   AND s.tenant_id = d.tenant_id AND s.first_patient_in_id = d.milestone_id AND s.status IN ('PLANNED', 'RUNNING')
   AND s.baseline_first_patient_in IS DISTINCT FROM d.end_on
"""
_HAS_DATES = Q(forecast_start__isnull=False, forecast_end__isnull=False) | Q(
    forecast_end__isnull=True, planned_start__isnull=False, planned_end__isnull=False
)


def begin(record: Baseline, actor: Actor) -> None:
    """Who proposes it does not approve it; every step has a date to freeze."""
    record.proposed_by = actor.user or 0
    # Locked already: it is part of its programme, so that no forecast is written meanwhile.
    programme = Programme.objects.visible_to(actor).filter(pk=record.programme_id).first()
    if programme is None:
        return
    demand_open(programme, "programme")
    if actor.cdmos is not None:
        return  # who does not see every step proposes nothing
    steps = Milestone.objects.visible_to(actor).filter(programme=programme).exclude(status=Milestone.Status.VOID)
    if undated := list(steps.exclude(_HAS_DATES).order_by("number").values_list("number", flat=True)):
        raise ValidationError({"programme": _no_forecast(undated, programme.forecast_problem)})
    record.steps = steps.count()
    if not record.steps:
        raise ValidationError({"programme": NO_STEP})


def begun(record: Baseline, actor: Actor, reason: str) -> None:
    """Freeze the forecast of each step; of one that has none yet, its plan."""
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE, [record.pk, record.tenant_id, record.programme_id])


def approve(record: Baseline, actor: Actor) -> None:
    """Since when it is in force."""
    record.approved_at = timezone.now()


def replace_former(record: Baseline, actor: Actor, reason: str) -> None:
    """The one in force until now goes first: a programme has one."""
    in_force = Baseline.objects.visible_to(actor).filter(
        programme_id=record.programme_id, status=Baseline.Status.APPROVED
    )
    for former in in_force.select_for_update():
        former.status = Baseline.Status.REPLACED
        former.save()
        publish("baseline.replaced", record=former, by=actor, status=former.status)


def approved(record: Baseline, actor: Actor, reason: str) -> None:
    """Every slip is counted against it from now on; one version of each step and study that it moves."""
    values = {"tenant": record.tenant_id, "baseline": record.pk}
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, values)
        cursor.execute(_STUDIES, values)


def _no_forecast(numbers: list[str], problem: str) -> str:
    if problem:
        return f"There is no forecast to freeze. {problem}"
    named, others = ", ".join(numbers[:NAMED]), len(numbers) - NAMED
    more = f" and {others} more" if others > 0 else ""
    return f"There is no forecast yet of {named}{more}: enter their planned dates, or wait until they are computed."
