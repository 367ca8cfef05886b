"""The shapes of what the API answers, for its schema: records, pages, versions and refusals."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from rest_framework import serializers

from oversight.kernel.records.kind import RecordKind

from .bodies import Serializer
from .writer import readable


class Offer(serializers.Serializer):
    """A move that the caller's role has from the present state."""

    name = serializers.CharField()
    label = serializers.CharField()
    allowed = serializers.BooleanField(help_text="Whether it can be made now.")
    unmet = serializers.ListField(child=serializers.CharField(), help_text="What has to come first.")


# `label` and `source` are arguments of every serializer, so that fields of these names are added from outside.
class Change(serializers.Serializer):
    """One field of one version: what it was and what it became, in words."""


Change._declared_fields |= {name: serializers.CharField(allow_blank=True) for name in ("field", "label", "old", "new")}


class Version(serializers.Serializer):
    """One version of a record, as the caller may see it."""

    id = serializers.IntegerField()
    version = serializers.IntegerField(allow_null=True, help_text="Not told to partners.")
    at = serializers.DateTimeField()
    who = serializers.CharField(allow_blank=True, help_text="Empty where a partner is not told.")
    role = serializers.CharField(allow_blank=True)
    org = serializers.CharField(allow_blank=True)
    action = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    changes = Change(many=True)


Version._declared_fields["source"] = serializers.CharField(allow_blank=True)


class Refused(serializers.Serializer):
    """A refusal in a sentence."""

    detail = serializers.CharField()


class Malformed(Refused):
    """A refusal that names what of the query or the headers says nothing."""


Malformed._declared_fields["errors"] = serializers.DictField(
    child=serializers.ListField(child=serializers.CharField()), required=False
)


class Invalid(Refused):
    """Every field error of a body in one answer; `non_field_errors` speaks of the record as a whole."""


Invalid._declared_fields["errors"] = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class NotNow(Refused):
    """Allowed, but not now: what has to come first."""

    unmet = serializers.ListField(child=serializers.CharField())


def record_of(kind: RecordKind) -> Serializer:
    """A record as it is answered; what partners and narrowed members do not read need not be there."""
    told = {field.name for field in readable(kind, partner=True)}
    fields: dict[str, serializers.Field] = {
        "id": serializers.IntegerField(),
        "number": serializers.CharField(),
        "status": serializers.ChoiceField(choices=list(kind.workflow.states.items())),
        "version": serializers.IntegerField(help_text="Counted at each change."),
    }
    for field in readable(kind):
        everybody = (kind.partner_sees is None or field.name in told) and field.name not in kind.of_all
        fields[field.name] = _answered(kind, field, required=everybody)
    fields["transitions"] = Offer(many=True)
    return named(kind.model.__name__, fields)


def page_of(name: str, results: Serializer) -> Serializer:
    """One page of a list."""
    return named(
        f"{name}Page",
        {
            "results": results(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
        },
    )


def named(name: str, fields: Mapping[str, serializers.Field]) -> Serializer:
    """A serializer class of that name, which is the component's name in the schema."""
    made = type(f"{name}Serializer", (serializers.Serializer,), {"__module__": __name__})
    cast(Any, made)._declared_fields = dict(fields)
    return cast(Serializer, made)


VERSIONS = page_of("Version", Version)


def _answered(kind: RecordKind, field: "models.Field[Any, Any]", *, required: bool) -> serializers.Field:
    options: dict[str, Any] = {"required": required, "allow_null": field.null, "label": kind.label_of(field.name)}
    if field.is_relation or isinstance(field, models.IntegerField):
        return serializers.IntegerField(**options)
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(field.max_digits, field.decimal_places, **options)
    if isinstance(field, models.BooleanField):
        return serializers.BooleanField(**options)
    if isinstance(field, models.DateTimeField):
        return serializers.DateTimeField(**options)
    if isinstance(field, models.DateField):
        return serializers.DateField(**options)
    if isinstance(field, ArrayField):
        return serializers.ListField(child=serializers.IntegerField(), **options)
    if isinstance(field, models.JSONField):
        return serializers.ListField(child=serializers.DictField(), **options)
    if field.choices:
        empty = field.blank or not field.editable  # what nobody fills in stands empty until the house does
        return serializers.ChoiceField(choices=field.flatchoices, allow_blank=empty, **options)
    return serializers.CharField(allow_blank=True, **options)
