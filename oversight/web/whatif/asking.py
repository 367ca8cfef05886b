"""What a program supposes of a plan: the body taken apart, every error beside its field, and nothing saved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from oversight.kernel.api.answers import READ_ONLY, Refusal, answer, invalid
from oversight.kernel.api.bodies import NO_SUCH_FIELD, printable, read_body
from oversight.kernel.api.endpoints import Endpoint
from techtransfer.models import Programme
from techtransfer.whatif.outcome import OnStep, OnStudy
from techtransfer.whatif.preview import Preview, preview
from techtransfer.whatif.suppositions import LONGEST, MOST, Impossible, Kind, Supposition, suppose, together

from .schema import AskingSchema

FIELD = "suppositions"
OF_ONE = frozenset({"kind", "record", "days", "slot"})
NOT_A_LIST = f"Send a list of 1 to {MOST} suppositions, each an object with a kind and a record."


class SupposedOne(serializers.Serializer):
    """One thing that happens to one record."""

    kind = serializers.ChoiceField(choices=[str(kind) for kind in Kind])
    record = serializers.CharField(max_length=40, help_text="The number of the batch, step, slot or hold.")
    days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LONGEST)
    slot = serializers.CharField(required=False, max_length=40, help_text="Of SLOT_TAKEN: the number of the slot.")


class WhatIfBody(serializers.Serializer):
    """What is supposed, all of it together."""

    suppositions = SupposedOne(many=True, min_length=1, max_length=MOST)


class OnOneStudy(serializers.Serializer):
    """One study before and after."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    code = serializers.CharField()
    was = serializers.DateField()
    now = serializers.DateField()
    days = serializers.IntegerField(help_text="By which it moves; negative: sooner.")
    days_to_baseline = serializers.IntegerField(allow_null=True)


class OnOneStep(serializers.Serializer):
    """One step that something happens to, or that moves; of both dates an end is the last day."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    was_start = serializers.DateField()
    was_end = serializers.DateField()
    start = serializers.DateField()
    end = serializers.DateField()
    days = serializers.IntegerField()
    what = serializers.CharField(allow_blank=True, help_text="What happens to it, in a word or two; else empty.")


class WhatIfAnswer(serializers.Serializer):
    """What it comes to. Nothing is saved."""

    programme = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True, help_text="When the dates of the plan were computed last.")
    is_ahead = serializers.BooleanField(
        help_text="Whether the plan was changed after that: these days count it already, those on file do not yet."
    )
    suppositions = serializers.CharField(help_text="As a scenario takes them: one a line.")
    studies = OnOneStudy(many=True)
    steps = OnOneStep(many=True)
    consequences = serializers.ListField(child=serializers.CharField())


class WhatIf(Endpoint):
    """A what-if on the plan as it is now."""

    schema = AskingSchema()
    http_method_names: ClassVar[list[str]] = ["post"]
    parameters: ClassVar[tuple[Any, ...]] = ()
    what, summary, shape, body = "what-if", "What if something happened to the plan", WhatIfAnswer, WhatIfBody

    def post(self, request: Request, pk: int) -> HttpResponse:
        """Compute the plan as it would be, and answer what moves. Nothing is saved; ask for it as often as you like.

        Like every POST it needs a key that writes. To keep it, put a scenario on file.
        """
        programme = cast(Programme, self.find(pk))
        if self.asked.bearer is None or not self.asked.bearer.writes:
            raise Refusal(403, READ_ONLY)
        self.refuse_parameters(set())
        several = _read(read_body(self.asked))
        try:
            found = preview(programme, several, by=self.actor)
        except Impossible as refusal:
            raise invalid({FIELD: [str(refusal)]}) from refusal
        return answer({"programme": programme.pk} | told(found))


def told(found: Preview) -> dict[str, Any]:
    """A preview as the API answers it."""
    as_of: datetime | None = found.forecast_at
    return {
        "as_of": as_of,
        "is_ahead": found.is_ahead,
        "suppositions": "\n".join(each.line for each in found.suppositions),
        "studies": [_study(study) for study in found.outcome.studies],
        "steps": [_step(step) for step in found.outcome.moved],
        "consequences": [each.words for each in found.outcome.consequences],
    }


def _study(study: OnStudy) -> dict[str, Any]:
    return {
        "id": study.id, "number": study.number, "code": study.code, "was": study.was, "now": study.now,
        "days": study.days, "days_to_baseline": study.to_baseline,
    }  # fmt: skip


def _step(step: OnStep) -> dict[str, Any]:
    return {
        "id": step.id, "number": step.number, "title": step.title, "was_start": step.was_start,
        "was_end": step.was_end, "start": step.start, "end": step.end, "days": step.days, "what": step.word,
    }  # fmt: skip


def _read(body: Mapping[str, Any]) -> tuple[Supposition, ...]:
    """Every error of the body in one answer."""
    errors = {printable(name): [NO_SUCH_FIELD] for name in body if name != FIELD}
    given, found, said = body.get(FIELD), list[Supposition](), list[str]()
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise invalid(errors | {FIELD: [NOT_A_LIST]})
    for place, one in enumerate(given, 1):
        try:
            found.append(_one(one))
        except Impossible as refusal:
            said.append(f"The {place}. of them: {refusal}")
    if not said and not errors:
        try:
            return together(found)
        except Impossible as refusal:
            said.append(str(refusal))
    raise invalid(errors | ({FIELD: said} if said else {}))


def _one(one: Any) -> Supposition:
    if not isinstance(one, dict) or not all(isinstance(one.get(name, ""), str) for name in ("kind", "record", "slot")):
        raise Impossible("Send an object with the texts “kind” and “record”.")
    if strange := [printable(name) for name in one if name not in OF_ONE]:
        raise Impossible(f"There is no field “{strange[0]}” here.")
    days = one.get("days")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise Impossible("“days” is a whole number.")
    return suppose(one.get("kind", ""), one.get("record", ""), days, one.get("slot", ""))
