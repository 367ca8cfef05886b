"""What a body may hold: one serializer per verb and move of a kind; every error of a body in one answer."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, ValidationError
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from rest_framework import serializers

from oversight.kernel.access.scope import Actor
from oversight.kernel.esign.proving import NO_PASSWORD
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.definition import Transition
from oversight.kernel.workflow.refusals import NO_REASON, NO_REASON_TO_MOVE, is_blank

from .answers import Refusal
from .fields import Text, serializer_field

NO_SUCH_FIELD = "There is no such field here."
WHOLE_RECORD = "non_field_errors"
REASON_LENGTH, PASSWORD_LENGTH, OTP_LENGTH = 1000, 128, 12

Serializer = type[serializers.Serializer]
Errors = dict[str, list[str]]


class Reason(Text):
    """Why; what nobody can see is no reason."""

    def __init__(self, *, missing: str, **options: Any) -> None:
        messages = {"required": missing, "blank": missing, "null": missing}
        super().__init__(max_length=REASON_LENGTH, error_messages=messages, **options)
        self.missing = missing

    def to_internal_value(self, data: Any) -> str:
        text = str(super().to_internal_value(data))
        if text and is_blank(text):
            raise serializers.ValidationError(self.missing)
        return text


def creating(kind: RecordKind, *, partner: bool) -> Serializer:
    """The body of a new record, as one side gives it. A partner's own CDMO goes without saying."""
    flow = kind.workflow
    names = _in_order(kind, flow.partner_opens if partner else flow.opens)
    fields: dict[str, serializers.Field] = {}
    for name in names:
        field = kind.field(name)
        own = partner and field.attname == kind.model.CDMO_COLUMN
        fields[name] = serializer_field(kind, name, required=not (field.blank or field.has_default() or own))
    fields["reason"] = Reason(missing=NO_REASON, required=False, allow_blank=True)
    return _serializer(kind, "New", fields)


def amending(kind: RecordKind) -> Serializer:
    """The body of a PATCH: whatever can be amended in some state, by either side, and why."""
    flow = kind.workflow
    allowed = frozenset[str]().union(*flow.editable.values(), *flow.partner_editable.values())
    fields = {name: serializer_field(kind, name, required=False) for name in _in_order(kind, allowed)}
    fields["reason"] = Reason(missing=NO_REASON)
    return _serializer(kind, "Amendment", fields)


def moving(kind: RecordKind, move: Transition) -> Serializer:
    """The body of one move. What it requires may have been filled before."""
    fields = {name: serializer_field(kind, name, required=False) for name in move.fields}
    fields["reason"] = Reason(missing=NO_REASON_TO_MOVE, required=not move.reason, allow_blank=bool(move.reason))
    if move.signed_as:
        said = f"Signs: “{move.signed_as}”"
        fields["password"] = Text(
            trim_whitespace=False, max_length=PASSWORD_LENGTH, help_text=said,
            error_messages={"required": NO_PASSWORD, "blank": NO_PASSWORD, "null": NO_PASSWORD},
        )  # fmt: skip
        fields["otp"] = Text(required=False, allow_blank=True, max_length=OTP_LENGTH)
    return _serializer(kind, "".join(word.capitalize() for word in move.name.split("-")), fields)


def _in_order(kind: RecordKind, names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(field.name for field in kind.model._meta.concrete_fields if field.name in wanted)


def _serializer(kind: RecordKind, purpose: str, fields: Mapping[str, serializers.Field]) -> Serializer:
    name = f"{kind.model.__name__}{purpose}Serializer"
    return cast(Serializer, type(name, (serializers.Serializer,), {"__module__": __name__, **fields}))


@dataclass(frozen=True, slots=True)
class Checked:
    """What of a body can be taken over, and what is wrong with the rest, by field."""

    values: dict[str, Any]
    reason: str
    password: str
    otp: str
    errors: Errors


def check(serializer: Serializer, body: Mapping[str, Any], actor: Actor) -> Checked:
    """Every field on its own: its type, its length, its choices; a name that nobody declared is an error too."""
    known = serializer(data=body, context={"actor": actor})
    errors: Errors = {}
    if known.is_valid():
        values = dict(known.validated_data)
    else:
        errors = {name: [str(each) for each in found] for name, found in known.errors.items()}
        # A body with one error validates nothing; the good fields are wanted all the same.
        good = (name for name in known.fields if name in body and name not in errors)
        values = {name: known.fields[name].run_validation(body[name]) for name in good}
    errors |= {printable(name): [NO_SUCH_FIELD] for name in body if name not in known.fields}
    told = {name: values.pop(name, "") for name in ("reason", "password", "otp")}
    return Checked(values, **told, errors=errors)


def by_field(kind: RecordKind, refusal: ValidationError) -> Errors:
    """The sentences of the domain beside the fields that they speak of."""
    if not hasattr(refusal, "error_dict"):
        return _placed(kind, refusal.error_list)
    errors: Errors = {}
    for name, found in refusal.error_dict.items():
        placed = _placed(kind, found) if name == NON_FIELD_ERRORS else {name.removesuffix("_id"): _words(found)}
        for place, sentences in placed.items():
            errors.setdefault(place, []).extend(sentences)
    return errors


def _placed(kind: RecordKind, found: Iterable[ValidationError]) -> Errors:
    places = {
        str(each.violation_error_message): kind.model.BESIDE.get(each.name) for each in kind.model._meta.constraints
    }
    errors: Errors = {}
    for sentence in _words(found):
        errors.setdefault(places.get(sentence) or WHOLE_RECORD, []).append(sentence)
    return errors


def _words(found: Iterable[ValidationError]) -> list[str]:
    return [str(message) for error in found for message in error.messages]


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; raises Refusal (400, 413, 415) for anything else."""
    if request.content_type != "application/json":
        raise Refusal(415, "Send JSON: Content-Type: application/json.")
    try:
        body = json.loads(
            raw_body(request).decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_no_name_twice
        )
    except (ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, _Told) else "This is not valid JSON in UTF-8."
        raise Refusal(400, said) from error
    if not isinstance(body, dict):
        raise Refusal(400, "Send a JSON object: {…}.")
    return body


def raw_body(request: HttpRequest) -> bytes:
    """The body as it came; raises Refusal for one that is too big, or broke off."""
    try:
        return request.body
    except RequestDataTooBig as error:
        raise Refusal(413, "This body is larger than 2.5 MB.") from error
    except UnreadablePostError as error:
        raise Refusal(400, "The body broke off.") from error


def printable(name: str) -> str:
    """A caller's own word, fit to be said back to it."""
    return name.encode("utf-8", "replace").decode()[:100]


class _Told(ValueError):
    """What is wrong with a body, in words that a caller may read."""


def _no_number(word: str) -> None:
    raise _Told(f"{word} is no JSON number.")


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise _Told("A name stands twice in one object.")
    return told
