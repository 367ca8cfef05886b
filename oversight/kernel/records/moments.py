"""Points in time as a person types them: in the person's own zone; kept in UTC."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

TYPED = "%Y-%m-%dT%H:%M"


def to_the_minute(moment: Any) -> Any:
    """A time as far as a form shows it; anything else as it is."""
    return moment.replace(second=0, microsecond=0) if isinstance(moment, datetime) else moment


class MomentField(forms.DateTimeField):
    """`2026-03-29T14:05`, read in `zone`; a time that the clocks skipped there is refused."""

    def __init__(self, *, zone: str, **options: Any) -> None:
        widget = forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local", "class": "input"})
        super().__init__(widget=widget, **options)
        self.zone = ZoneInfo(zone)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the field when the form is opened."""
        return value.astimezone(self.zone).strftime(TYPED) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """The moment in UTC; raises ValidationError for what is no time, or no time in this zone."""
        if value in self.empty_values:
            return None
        text = str(value).strip()
        for pattern in (TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"):
            try:
                naive = datetime.strptime(text, pattern)  # noqa: DTZ007  the zone is added below
            except ValueError:
                continue
            try:
                moment = naive.replace(tzinfo=self.zone).astimezone(UTC)
                there_and_back = moment.astimezone(self.zone).replace(tzinfo=None)
            except OverflowError:
                raise ValidationError("This time is too far away. Check the year.") from None
            if there_and_back != naive:
                raise ValidationError("The clocks skip this time in your zone. Enter the hour after.")
            return moment
        raise ValidationError("Enter a date and a time, such as 2026-03-14 09:30.")
