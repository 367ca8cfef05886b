"""Forms of the settings: in the look and the words of the forms of records, each with a reason."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from oversight.kernel.records.reasoned import ReasonedForm
from oversight.kernel.workflow.refusals import NO_REASON_TO_MOVE

FILL_IN, NO_DATE = "Fill this in.", "Enter a date, such as 2026-03-14."


class SettingsForm(ReasonedForm):
    """What is asked for, the version that the person saw, and why."""

    def add_reason(self, label: str = "Why?", missing: str = NO_REASON_TO_MOVE) -> None:
        """Of every change of the settings."""
        super().add_reason(label, missing)

    @property
    def reason(self) -> str:
        """Why, once the form is valid."""
        return str(self.cleaned_data["reason"])


class ReasonForm(SettingsForm):
    """Nothing but why, for what is done with one button."""

    def __init__(self, *args: Any, version: int | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if version is not None:
            self.add_version(version)
        self.add_reason()


def status_of(refusal: ValidationError) -> int:
    """409 where somebody else was faster, 422 where what was typed is refused."""
    return 409 if getattr(refusal, "code", "") == "meanwhile" else 422


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
