"""Forms of the settings: in the look and the words of the forms of records, each with a reason."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.boundfield import BoundField

from oversight.kernel.workflow.refusals import NO_REASON_TO_MOVE, is_blank

FILL_IN, NO_DATE = "Fill this in.", "Enter a date, such as 2026-03-14."
BIGGEST = 2**31 - 1


class SettingsForm(forms.Form):
    """What is asked for, the version that the person saw, and why."""

    def add_version(self, version: int) -> None:
        """The version travels with the form, so that nobody overwrites what was not seen."""
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=BIGGEST)
        self.initial["version"] = version

    def add_reason(self, label: str = "Why?") -> None:
        """A reason is kept in the history; one that nobody can see is none."""

        def refuse_blank(reason: str) -> None:
            if is_blank(reason):
                raise ValidationError(NO_REASON_TO_MOVE)

        self.fields["reason"] = forms.CharField(
            label=label,
            help_text="Kept in the history with your name.",
            max_length=1000,
            error_messages={"required": NO_REASON_TO_MOVE},
            validators=[refuse_blank],
            widget=forms.Textarea(attrs={"rows": 3, "class": "textarea"}),
        )

    @property
    def reason(self) -> str:
        """Why, once the form is valid."""
        return str(self.cleaned_data["reason"])

    @property
    def problems(self) -> list[tuple[BoundField | None, str, str]]:
        """Every error with its field and what the field is called, for the summary on top."""
        return [
            (None, "", str(error)) if name == NON_FIELD_ERRORS else (self[name], str(self[name].label), str(error))
            for name, errors in self.errors.items()
            for error in errors
        ]

    def refuse(self, refusal: ValidationError) -> None:
        """Put the sentences of a service beside the fields that they speak of."""
        said = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
        for name, errors in said.items():
            for error in errors:
                self.add_error(name if name in self.fields else None, error)


class ReasonForm(SettingsForm):
    """Nothing but why, for what is done with one button."""

    def __init__(self, *args: Any, version: int | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if version is not None:
            self.add_version(version)
        self.add_reason()


def text(label: str, *, most: int, help_text: str = "", required: bool = True, **attrs: str) -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        required=required,
        error_messages={"required": FILL_IN},
        widget=forms.TextInput(attrs={"class": "input"} | attrs),
    )


def choice(label: str, choices: Any, *, help_text: str = "", required: bool = True) -> forms.ChoiceField:
    """One of several."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=help_text,
        required=required,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one from the list."},
        widget=forms.Select(attrs={"class": "select"}),
    )


def number(label: str, *, least: int, most: int, help_text: str = "") -> forms.IntegerField:
    """A whole number."""
    between = f"Enter a number between {least:,} and {most:,}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), between),
        widget=forms.NumberInput(attrs={"class": "input input--num"}),
    )


class Day(forms.DateField):
    """A day as browsers send it; nothing before or after any calendar of ours."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"})
        messages = {"required": FILL_IN, "invalid": NO_DATE}
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=messages, **options)

    def to_python(self, value: Any) -> date | None:
        """The day; raises ValidationError for what is none."""
        day = super().to_python(value)
        if day is not None and not 1950 <= day.year <= 2999:
            raise ValidationError("This day is too far away. Check the year.")
        return day
