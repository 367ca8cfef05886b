"""The early warnings of a programme, as the API answers them: the sponsor's own, none for a partner's program."""

from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from oversight.kernel.access.scope import Actor
from oversight.kernel.api.answers import answer
from oversight.kernel.api.endpoints import Endpoint
from oversight.web.planning.schema import ReadingSchema
from techtransfer.models import EarlyWarning, Programme
from techtransfer.records import EARLY_WARNING, MILESTONE
from techtransfer.showing.warnings import line


class WarningFact(serializers.Serializer):
    """One rule that holds, in words."""

    rule = serializers.CharField(help_text="check_in_missed, record_late, date_moved, investigation or slot.")
    says = serializers.CharField()


class StandingWarning(serializers.Serializer):
    """One warning that stands."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    milestone = serializers.IntegerField()
    cdmo = serializers.IntegerField(allow_null=True, help_text="null: the sponsor's own people.")
    level = serializers.ChoiceField(choices=EarlyWarning.Level.choices)
    chance = serializers.IntegerField(allow_null=True, help_text="To end after the agreed day, in percent.")
    basis = serializers.ChoiceField(choices=EarlyWarning.Basis.choices)
    learnt_from = serializers.IntegerField(
        allow_null=True, help_text="Finished steps of the kind; below eight nothing is learnt. null: not for you."
    )
    agreed_on = serializers.DateField(allow_null=True)
    raised_at = serializers.DateTimeField()
    says = serializers.CharField()
    facts = WarningFact(many=True)


class WarningsOfProgramme(serializers.Serializer):
    """The warnings of one programme that stand now."""

    programme = serializers.IntegerField()
    warnings = StandingWarning(many=True)


class WarningsOf(Endpoint):
    """What is likely to end late."""

    schema = ReadingSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    what, summary, shape = "warnings", "The early warnings of a programme", WarningsOfProgramme

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Every warning in the caller's sight that stands, with its facts and what it is known from."""
        programme = cast(Programme, self.find(pk))
        self.refuse_parameters(set())
        rows = EarlyWarning.objects.visible_to(self.actor).filter(programme=programme)
        rows = rows.filter(status=EarlyWarning.Status.OPEN).order_by("pk")
        return answer({"programme": programme.pk, "warnings": [_warning(row, self.actor) for row in rows]})


def _warning(row: EarlyWarning, actor: Actor) -> dict[str, Any]:
    """What it rests on may be another partner's affair: who sees some CDMOs alone reads the number."""
    tells = EARLY_WARNING.shows("facts", actor)
    return {
        "id": row.pk,
        "number": row.number,
        "milestone": row.milestone_id,
        "cdmo": row.cdmo_id,
        "level": row.level,
        "chance": row.chance,
        "basis": row.basis,
        "learnt_from": row.learnt_from if tells else None,
        "agreed_on": row.agreed_on,
        "raised_at": row.raised_at,
        "says": line(row, EARLY_WARNING, MILESTONE, actor, answers=False).says,
        "facts": [{"rule": fact["rule"], "says": fact["says"]} for fact in row.facts if tells],
    }
