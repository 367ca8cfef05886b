"""What forms have in common: every error is listed on top, the version that was seen travels along, and why."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.boundfield import BoundField

from oversight.kernel.workflow.refusals import is_blank


class ListingForm(forms.Form):
    """A form whose errors are all listed on top, each with a link to its field."""

    @property
    def problems(self) -> list[tuple[BoundField | None, str, str]]:
        """Every error with its field and what the field is called, for the summary on top."""
        return [
            (None, "", str(error)) if name == NON_FIELD_ERRORS else (self[name], self.name_of(name), str(error))
            for name, errors in self.errors.items()
            for error in errors
        ]

    def name_of(self, name: str) -> str:
        """What the summary calls a field."""
        return str(self[name].label)


class ReasonedForm(ListingForm):
    """Besides its own fields: the version that the person saw, and why."""

    def add_version(self, version: int, *, least: int = 1) -> None:
        """The version travels with the form, so that nobody overwrites what was not seen."""
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=least, max_value=2**31 - 1)
        self.initial["version"] = version

    def add_reason(self, label: str, missing: str) -> None:
        """A reason is kept in the history; one that nobody can see is none."""

        def refuse_blank(reason: str) -> None:
            if is_blank(reason):
                raise ValidationError(missing)

        self.fields["reason"] = forms.CharField(
            label=label,
            help_text="Kept in the history with your name.",
            max_length=1000,
            error_messages={"required": missing},
            validators=[refuse_blank],
            widget=forms.Textarea(attrs={"rows": 3, "class": "textarea"}),
        )

    def refuse(self, refusal: ValidationError) -> None:
        """Put the sentences of a service, or of the record itself, beside the fields that they speak of."""
        said = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
        for name, errors in dict(said).items():
            for error in errors:
                self.add_error(name if name in self.fields else self.beside(error), error)

    def beside(self, error: ValidationError) -> str | None:
        """The field beside which an error stands that speaks of none; None: on top."""
        return None
