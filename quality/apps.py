from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "quality"
    verbose_name = "Quality"

    def ready(self) -> None:
        """Clocks count the days of the site at which the work is done."""
        from oversight.kernel.clocks.rules import provide

        from .services.calendars import calendar_of

        provide(calendar_of=calendar_of)
