"""Every step of a programme with its dates, and what waits for what, as the API answers it."""

from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from oversight.kernel.access.scope import Actor
from oversight.kernel.api.answers import answer
from oversight.kernel.api.endpoints import Endpoint
from techtransfer.models import Dependency, Milestone, Programme
from techtransfer.showing.steps import is_held
from techtransfer.sight import problem_of

from .schema import ReadingSchema

DATES = (
    "baseline_start", "baseline_end", "planned_start", "planned_end", "partner_end", "forecast_start", "forecast_end",
    "actual_start", "actual_end",
)  # fmt: skip
NAMED = ("id", "number", "title", "stage", "step", "status")
BESIDE = ("slip_days", "float_days", "is_critical", "driver", "warning")


class Step(serializers.Serializer):
    """One step, with its kinds of dates; of each an end is the last day."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    stage = serializers.ChoiceField(choices=Milestone.Stage.choices)
    step = serializers.ChoiceField(choices=Milestone.Step.choices)
    status = serializers.ChoiceField(choices=Milestone.Status.choices)
    cdmo = serializers.IntegerField(allow_null=True, help_text="null: the sponsor's own people.")
    site = serializers.IntegerField(allow_null=True)
    batch_number = serializers.CharField(allow_blank=True)
    baseline_start = serializers.DateField(allow_null=True)
    baseline_end = serializers.DateField(allow_null=True)
    planned_start = serializers.DateField(allow_null=True)
    planned_end = serializers.DateField(allow_null=True)
    partner_end = serializers.DateField(allow_null=True)
    forecast_start = serializers.DateField(allow_null=True)
    forecast_end = serializers.DateField(allow_null=True)
    actual_start = serializers.DateField(allow_null=True)
    actual_end = serializers.DateField(allow_null=True)
    slip_days = serializers.IntegerField(allow_null=True)
    float_days = serializers.IntegerField(allow_null=True, help_text="null: no study waits for it.")
    is_critical = serializers.BooleanField()
    driver = serializers.ChoiceField(choices=Milestone.Driver.choices, allow_blank=True)
    driven_by = serializers.IntegerField(allow_null=True, help_text="The step before that drives it, where one does.")
    on_hold = serializers.BooleanField()
    warning = serializers.CharField(allow_blank=True)


class PlanLink(serializers.Serializer):
    """What waits for what; null: a step out of sight."""

    id = serializers.IntegerField()
    predecessor = serializers.IntegerField(allow_null=True)
    successor = serializers.IntegerField(allow_null=True)
    type = serializers.ChoiceField(choices=Dependency.Link.choices)
    lag_days = serializers.IntegerField()
    lag_unit = serializers.ChoiceField(choices=Dependency.LagUnit.choices)


class Plan(serializers.Serializer):
    """The whole plan of one programme."""

    programme = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True, help_text="When the dates were computed.")
    problem = serializers.CharField(allow_blank=True, help_text="Why they could not be; else empty.")
    steps = Step(many=True)
    links = PlanLink(many=True)


class PlanOf(Endpoint):
    """The whole plan, in one answer."""

    schema = ReadingSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    what, summary, shape = "plan", "The whole plan of a programme", Plan

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Every step in the caller's sight with its dates, slip, float and driver, and what waits for what."""
        programme = cast(Programme, self.find(pk))
        self.refuse_parameters(set())
        rows = Milestone.objects.visible_to(self.actor).filter(programme=programme)
        steps = list(rows.exclude(status=Milestone.Status.VOID).order_by("pk"))
        return answer(
            {
                "programme": programme.pk,
                "as_of": programme.forecast_at,
                "problem": problem_of(programme, self.actor),
                "steps": _steps(steps),
                "links": _links(programme, {step.pk for step in steps}, self.actor),
            }
        )


def _steps(steps: list[Milestone]) -> list[dict[str, Any]]:
    seen = {step.pk for step in steps}
    return [
        {
            **{name: getattr(step, name) for name in NAMED},
            "cdmo": step.cdmo_id,
            "site": step.site_id,
            "batch_number": step.batch_number,
            **{name: getattr(step, name) for name in (*DATES, *BESIDE)},
            "driven_by": step.driver_id if step.driver_id in seen else None,
            "on_hold": is_held(step),
        }
        for step in steps
    ]


def _links(programme: Programme, seen: set[int], actor: Actor) -> list[dict[str, Any]]:
    rows = Dependency.objects.visible_to(actor).filter(programme=programme, status=Dependency.Status.ACTIVE)
    return [
        {
            "id": link.pk,
            "predecessor": link.predecessor_id if link.predecessor_id in seen else None,
            "successor": link.successor_id if link.successor_id in seen else None,
            "type": link.link,
            "lag_days": link.lag_days,
            "lag_unit": link.lag_unit,
        }
        for link in rows.order_by("pk")
    ]
