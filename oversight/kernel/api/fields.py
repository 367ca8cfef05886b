"""The one place that says which JSON a field of a model takes: strict about types, in the house's words."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.kind import RecordKind

BIGGEST = 2**63 - 1
SMALLEST_RANGE = 2**31 - 1
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
MISSING = "Fill this in."
NO_NULL = "This cannot be null."
NO_SUCH_RECORD = "There is no such record."


class Text(serializers.CharField):
    """A JSON string; a number is none."""

    default_error_messages = {"invalid": "Send a text.", "blank": MISSING, "required": MISSING, "null": NO_NULL}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class Truth(serializers.BooleanField):
    """true or false, and no word for either."""

    default_error_messages = {"invalid": "Send true or false.", "required": MISSING, "null": NO_NULL}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Whole(serializers.IntegerField):
    """A JSON integer."""

    default_error_messages = {"invalid": "Send a whole number.", "required": MISSING, "null": NO_NULL}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class Exact(serializers.DecimalField):
    """A decimal number as a JSON string, so that nothing rounds it on its way."""

    default_error_messages = {
        "invalid": 'Send a number as a text, such as "6.82".',
        "max_digits": "Send no more than {max_digits} digits.",
        "max_decimal_places": "Send no more than {max_decimal_places} digits after the point.",
        "max_whole_digits": "Send no more than {max_whole_digits} digits before the point.",
        "required": MISSING,
        "null": NO_NULL,
    }

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        """Nothing but null is null: an empty text is no number."""
        return serializers.Field.validate_empty_values(self, data)

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not NUMBER.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of the declared codes."""

    default_error_messages = {
        "invalid_choice": "Choose one of those on offer.",
        "required": "Choose one.",
        "null": NO_NULL,
    }

    def to_internal_value(self, data: Any) -> Any:
        if data == "" and self.allow_blank:
            return ""
        if not isinstance(data, str) or data not in self.choice_strings_to_values:
            self.fail("invalid_choice")
        return data


class Moment(serializers.DateTimeField):
    """A point in time with its offset from UTC; kept in UTC."""

    default_error_messages = {
        "invalid": "Send a date and a time with its offset from UTC, such as 2026-03-14T09:30:00Z.",
        "required": MISSING,
        "null": NO_NULL,
    }

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
            if moment is not None and moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise self.refusal

    @property
    def refusal(self) -> serializers.ValidationError:
        return serializers.ValidationError(self.error_messages["invalid"])


class Day(serializers.DateField):
    """A calendar day."""

    default_error_messages = {"invalid": "Send a day such as 2026-03-14.", "required": MISSING, "null": NO_NULL}

    def to_internal_value(self, value: Any) -> date:
        try:
            day = parse_date(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None:
            raise serializers.ValidationError(self.error_messages["invalid"])
        return day


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": BIGGEST})
class Reference(serializers.IntegerField):
    """The id of a record that the actor sees; any other reads like one that never was."""

    default_error_messages = {"invalid": "Send the id of a record.", "required": MISSING, "null": NO_NULL}

    def __init__(self, *, kind: RecordKind, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def to_internal_value(self, data: Any) -> models.Model:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        actor: Actor = self.context["actor"]
        found = self.kind.model.objects.visible_to(actor).filter(pk=data).first() if 0 < data <= BIGGEST else None
        if found is None:
            raise serializers.ValidationError(NO_SUCH_RECORD)
        return found


def serializer_field(kind: RecordKind, name: str, **options: Any) -> serializers.Field:
    """What the API takes for one field of the model; raises TypeError for a type that nobody has described here."""
    field = kind.field(name)
    options |= {"help_text": kind.help.get(name, str(field.help_text)), "label": kind.label_of(name)}
    if field.null:
        options["allow_null"] = True
    if target := kind.targets.get(name):
        return Reference(kind=target, **options)
    if field.choices:
        return Choice(choices=field.flatchoices, allow_blank=field.blank, **options)
    if isinstance(field, models.BooleanField):
        return Truth(**options)
    if isinstance(field, models.DateTimeField):
        return Moment(default_timezone=UTC, **options)
    if isinstance(field, models.DateField):
        return Day(**options)
    if isinstance(field, models.IntegerField):
        return Whole(min_value=-SMALLEST_RANGE, max_value=SMALLEST_RANGE, **options)
    if isinstance(field, models.DecimalField):
        return Exact(max_digits=field.max_digits, decimal_places=field.decimal_places, **options)
    if isinstance(field, models.CharField | models.TextField):
        own = [each for each in field.validators if not hasattr(each, "limit_value")]
        text = Text(allow_blank=field.blank, max_length=field.max_length, **options)
        text.validators.extend(own)
        return text
    raise TypeError(f"The API knows no JSON for {name} of {kind.label}.")
