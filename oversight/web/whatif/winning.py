"""Ways to win days back, as the API answers them."""

from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from oversight.kernel.api.answers import answer, not_found
from oversight.kernel.api.endpoints import Endpoint
from oversight.kernel.api.fields import BIGGEST
from oversight.kernel.api.parameters import whole
from techtransfer.models import Programme
from techtransfer.showing.winning import study_of
from techtransfer.whatif.preview import ground_of
from techtransfer.whatif.suppositions import Supposition
from techtransfer.whatif.ways import best_releases, ways_of

from .asking import SupposedOne
from .schema import AskingSchema


class OneWay(serializers.Serializer):
    """One change of the plan, tried alone."""

    days = serializers.IntegerField(help_text="Days that it wins for the study.")
    title = serializers.CharField()
    condition = serializers.CharField(help_text="What it would need.")
    supposition = SupposedOne(help_text="As a what-if takes it.")


class WaysAnswer(serializers.Serializer):
    """What would bring a study forward, the best first."""

    programme = serializers.IntegerField()
    study = serializers.IntegerField(allow_null=True, help_text="null: no study waits for a step of the plan.")
    ways = OneWay(many=True)


class WaysOf(Endpoint):
    """Ways to win days back."""

    schema = AskingSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    body = None
    parameters: ClassVar[tuple[Any, ...]] = (
        ("study", {"type": "integer", "minimum": 1, "maximum": BIGGEST}, False, "Of which study; else of the first."),
    )
    what, summary, shape = "ways", "Ways to win days back for a study", WaysAnswer

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Each change of a stated catalogue, tried alone on the plan as it is now, ranked by the days that it wins."""
        programme = cast(Programme, self.find(pk))
        self.refuse_parameters({"study"})
        query = self.asked.GET
        wanted = whole(query, "study", 1, BIGGEST) if "study" in query else None
        ground = ground_of(programme, by=self.actor)
        study = study_of(ground, wanted, ())
        if wanted is not None and (study is None or study.id != wanted):
            raise not_found()
        found = ways_of(ground, study.step, best_releases(by=self.actor)) if study and study.step else []
        return answer(
            {
                "programme": programme.pk,
                "study": study.id if study else None,
                "ways": [
                    {
                        "days": way.days,
                        "title": way.title,
                        "condition": way.condition,
                        "supposition": _supposition(way.supposition),
                    }
                    for way in found
                ],
            }
        )


def _supposition(said: Supposition) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": str(said.kind), "record": said.record, "days": said.days}
    return told | ({"slot": said.slot} if said.slot else {})
