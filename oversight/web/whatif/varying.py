"""Baselines beside each other, as the API answers them."""

from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from oversight.kernel.api.answers import answer, not_found
from oversight.kernel.api.endpoints import Endpoint
from oversight.kernel.records.writes import demand
from techtransfer.models import Programme
from techtransfer.records import BASELINE
from techtransfer.showing.variance import Variance, variances

from .baselines import KINDS, chosen, sides_of
from .schema import AskingSchema

SIDE = {"type": "string", "pattern": "^(today|[1-9][0-9]{0,17})?$"}  # empty: as if it were left out


class OneVariance(serializers.Serializer):
    """One study or step on either side; null: it is not there."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    first_start = serializers.DateField(allow_null=True)
    first_end = serializers.DateField(allow_null=True)
    second_start = serializers.DateField(allow_null=True)
    second_end = serializers.DateField(allow_null=True)
    days = serializers.IntegerField(allow_null=True, help_text="By which the second lies behind the first.")


class VariancesAnswer(serializers.Serializer):
    """What moved between the two, most first; steps that are alike are counted only."""

    programme = serializers.IntegerField()
    a = serializers.CharField()
    b = serializers.CharField()
    studies = OneVariance(many=True)
    steps = OneVariance(many=True)
    alike = serializers.IntegerField()
    unseen = serializers.IntegerField(help_text="Steps of CDMOs that are not open to you.")


class BaselinesCompared(Endpoint):
    """Any two baselines, or one and today's forecast."""

    schema = AskingSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    body = None
    parameters: ClassVar[tuple[Any, ...]] = (
        ("a", SIDE, False, "The id of a baseline, or `today`; else the one in force."),
        ("b", SIDE, False, "The same; else `today`."),
    )
    what, summary, shape = "baselines-compare", "Two baselines beside each other", VariancesAnswer

    def get(self, request: Request, pk: int) -> HttpResponse:
        """By how many days each study and each step lies apart in the two, most first."""
        programme = cast(Programme, self.find(pk))
        demand(BASELINE, self.actor, "view")
        self.refuse_parameters({"a", "b"})
        known = sides_of(programme, self.actor)
        a, b = (chosen(known, self.asked.GET.get(name, ""), name) for name in ("a", "b"))
        if a is None or b is None:
            raise not_found()
        found = variances(programme, a, b, KINDS, self.actor)
        return answer(
            {
                "programme": programme.pk,
                "a": a.key,
                "b": b.key,
                "studies": [_one(each) for each in found.studies],
                "steps": [_one(each) for each in found.steps],
                "alike": found.alike,
                "unseen": found.unseen,
            }
        )


def _one(each: Variance) -> dict[str, Any]:
    return {
        "id": each.id, "number": each.number, "title": each.title, "first_start": each.first[0],
        "first_end": each.first[1], "second_start": each.second[0], "second_end": each.second[1], "days": each.days,
    }  # fmt: skip
