"""Where the days of each study come from, as the API answers it."""

from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from oversight.kernel.api.answers import answer
from oversight.kernel.api.endpoints import Endpoint
from techtransfer.forecast.impact import Item, StudyImpact, read_impact
from techtransfer.models import Programme

from .schema import ReadingSchema


class ChainItem(serializers.Serializer):
    """So many of the days, and the record on whose account they are; days won back are negative."""

    record_type = serializers.CharField(allow_null=True, help_text="deviation, batch, slot, milestone; null: unseen.")
    record_id = serializers.IntegerField(allow_null=True)
    number = serializers.CharField(allow_null=True)
    cause = serializers.CharField()
    days = serializers.IntegerField()


class ImpactOnStudy(serializers.Serializer):
    """One study; the days of the chain add up to `slip_days`."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    code = serializers.CharField()
    baseline = serializers.DateField(allow_null=True, help_text="The day that was agreed; before that, the planned.")
    forecast = serializers.DateField(allow_null=True)
    slip_days = serializers.IntegerField(allow_null=True)
    chain = ChainItem(many=True)


class Impact(serializers.Serializer):
    """What happened, and what it does to each study of the programme."""

    programme = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True, help_text="When the dates were computed.")
    problem = serializers.CharField(allow_blank=True, help_text="Why they could not be; else empty.")
    studies = ImpactOnStudy(many=True)


class ImpactOf(Endpoint):
    """Where the days come from."""

    schema = ReadingSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    what, summary, shape = "impact", "Where the days of each study come from", Impact

    def get(self, request: Request, pk: int) -> HttpResponse:
        """For each study the agreed and the forecast day, and the chain of causes whose days add up to the slip."""
        programme = cast(Programme, self.find(pk))
        self.refuse_parameters(set())
        found = read_impact(programme, by=self.actor)
        return answer(
            {
                "programme": found.programme,
                "as_of": found.as_of,
                "problem": found.problem,
                "studies": [_study(study) for study in found.studies],
            }
        )


def _study(study: StudyImpact) -> dict[str, Any]:
    return {
        "id": study.id,
        "number": study.number,
        "code": study.code,
        "baseline": study.baseline,
        "forecast": study.forecast,
        "slip_days": study.slip_days,
        "chain": [_item(item) for item in study.chain],
    }


def _item(item: Item) -> dict[str, Any]:
    record = item.record
    return {
        "record_type": record.kind.workflow.name if record else None,
        "record_id": record.id if record else None,
        "number": record.number if record else None,
        "cause": item.cause,
        "days": item.days,
    }
