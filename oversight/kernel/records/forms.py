"""The form of a record: fields from the model, choices from what the actor sees, errors in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import DateField, DateTimeField, URLField
from django.http import QueryDict

from oversight.kernel.access.scope import Actor
from oversight.kernel.esign import Proof
from oversight.kernel.esign.proving import NO_CODE, NO_PASSWORD, asks_for_code
from oversight.kernel.workflow.definition import Transition
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NO_REASON, NO_REASON_TO_MOVE

from .kind import Flags, RecordKind, flatten
from .moments import MomentField, to_the_minute
from .reasoned import ReasonedForm


class CaseForm(ReasonedForm):
    """Fields of a record, the version that the person saw, and why."""

    kind: RecordKind
    record: Case | None
    record_fields: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by model field; without the fields that were refused."""
        return {name: self._exact(name) for name in self.record_fields if name in self.cleaned_data}

    def _exact(self, name: str) -> Any:
        """A form shows minutes: a time that stands as it was shown keeps its seconds, which nobody changed."""
        typed, stored = self.cleaned_data[name], getattr(self.record, name, None)
        return stored if isinstance(typed, datetime) and typed == to_the_minute(stored) else typed

    @property
    def refused(self) -> set[str]:
        """The model fields that have an error."""
        return set(self.record_fields) & set(self.errors)

    def name_of(self, name: str) -> str:
        """A box among several is called as all of them."""
        groups = [item for group in self.kind.fieldsets for item in group.items if isinstance(item, Flags)]
        return next((group.label for group in groups if name in group.fields), super().name_of(name))

    def beside(self, error: ValidationError) -> str | None:
        """Where the model says that a constraint of its own is spoken of."""
        model = self.kind.model
        for constraint in model._meta.constraints:
            if constraint.violation_error_message in error.messages:
                place = model.BESIDE.get(constraint.name)
                return place if place in self.fields else None
        return None


class RecordForm(CaseForm):
    """Creates a record, or amends `record`: what the actor's side may fill in its present state."""

    def __init__(
        self,
        kind: RecordKind,
        actor: Actor,
        *,
        record: Case | None = None,
        data: QueryDict | None = None,
        preset: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(kind, record) if record else preset)
        self.kind, self.record = kind, record
        flow = kind.workflow
        fillable = flow.amendable(record, actor) if record else flow.openable(actor)
        for name in flatten(item for group in kind.fieldsets for item in group.items):
            if name in fillable and kind.takes(name, actor):
                self.fields[name] = form_field(kind, actor, name)
        self.record_fields = tuple(self.fields)
        if record:
            self.add_version(record.version)
            self.add_reason("Why do you change it?", NO_REASON)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The fieldsets with their bound fields, as the template lays them out."""
        groups = []
        for group in self.kind.fieldsets:
            rows = [self._row(item) for item in group.items if all(name in self.fields for name in flatten([item]))]
            if rows:
                groups.append({"title": group.title, "rows": rows})
        return groups

    def _row(self, item: str | Flags) -> dict[str, Any]:
        if isinstance(item, str):
            return {"field": self[item], "wide": item in self.kind.long_text}
        boxes = [self[name] for name in item.fields]
        return {"flags": item, "boxes": boxes, "errors": [error for box in boxes for error in box.errors]}


class MoveForm(CaseForm):
    """What a move asks of the person who makes it: its fields, a reason, and the password where it is signed."""

    def __init__(
        self, kind: RecordKind, move: Transition, actor: Actor, record: Case, *, data: QueryDict | None = None
    ) -> None:
        super().__init__(data, initial=_initial(kind, record))
        self.kind, self.record, self.move = kind, record, move
        stands = list(flatten(item for group in kind.fieldsets for item in group.items))
        for name in sorted(move.fields, key=lambda one: stands.index(one) if one in stands else len(stands)):
            self.fields[name] = form_field(kind, actor, name)
            self.fields[name].required = name in move.requires
        self.record_fields = tuple(self.fields)
        self.add_version(record.version)
        if not move.reason:
            self.add_reason("Why?", NO_REASON_TO_MOVE)
        if move.signed_as:
            self.fields["password"] = forms.CharField(
                label="Your password",
                strip=False,
                max_length=128,
                error_messages={"required": NO_PASSWORD},
                widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
            )
        if move.signed_as and asks_for_code(actor):
            shown = {"class": "input input--code", "autocomplete": "one-time-code", "inputmode": "numeric"}
            self.fields["otp"] = forms.CharField(
                label="Code from your authenticator",
                max_length=12,
                error_messages={"required": NO_CODE},
                widget=forms.TextInput(attrs=shown),
            )

    @property
    def proof(self) -> Proof | None:
        """What the person signs with; None where nothing is signed."""
        told = self.cleaned_data
        return Proof(told["password"], told.get("otp", "")) if self.move.signed_as else None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of the record, as the template lays them out."""
        return [{"field": self[name], "wide": name in self.kind.long_text} for name in self.record_fields]


def _initial(kind: RecordKind, record: Case) -> dict[str, Any]:
    names = flatten(item for group in kind.fieldsets for item in group.items)
    return {name: getattr(record, kind.field(name).attname) for name in names}


def form_field(kind: RecordKind, actor: Actor, name: str) -> forms.Field:
    """The model field's own form field, in the house's look and words."""
    model_field, help_text = kind.field(name), kind.help.get(name, str(kind.field(name).help_text))
    field: forms.Field | None
    if target := kind.targets.get(name):
        field = forms.ModelChoiceField(
            target.model.objects.visible_to(actor).order_by(target.title),
            label=kind.label_of(name),
            help_text=help_text,
            required=not model_field.null,
            empty_label=f"Choose a {target.label}",
            error_messages={"invalid_choice": f"Choose a {target.label} from the list."},
        )
    elif isinstance(model_field, DateTimeField):
        zone = f"In your time zone, {actor.tz.replace('_', ' ')}."
        words = f"{help_text} {zone}".strip()
        field = MomentField(zone=actor.tz, label=kind.label_of(name), help_text=words, required=not model_field.blank)
    elif isinstance(model_field, DateField):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        told = {"invalid": "Enter a day, such as 2026-03-14."}
        field = forms.DateField(
            label=kind.label_of(name),
            help_text=help_text,
            required=not model_field.blank,
            input_formats=["%Y-%m-%d"],
            widget=widget,
            error_messages=told,
        )
    else:
        options: dict[str, Any] = {"assume_scheme": "https"} if isinstance(model_field, URLField) else {}
        field = model_field.formfield(label=kind.label_of(name), help_text=help_text, **options)
    if field is None:
        raise TypeError(f"{name} of {kind.label} cannot be edited by a person.")
    if "required" in field.error_messages:
        field.error_messages["required"] = "Choose one." if isinstance(field.widget, forms.Select) else "Fill this in."
    if not isinstance(field.widget, forms.CheckboxInput):
        field.widget.attrs["class"] = "select" if isinstance(field.widget, forms.Select) else "input"
    if isinstance(field, forms.TypedChoiceField):
        offered = cast(Iterable[tuple[str, str]], field.choices)
        field.choices = [(code, words if code else "Choose one") for code, words in offered]
    if name in kind.long_text:
        field.widget = forms.Textarea(attrs={"rows": 5, "class": "textarea"})
    return field
