from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "quality"
    verbose_name = "Quality"

    def ready(self) -> None:
        """Clocks count the days of the site at which the work is done; batches hear what quality knows of them."""
        from batches.ports import PORTS, RELEASE_BLOCKERS, Blocker
        from oversight.kernel.clocks.rules import provide

        from .services import batches
        from .services.calendars import calendar_of
        from .services.times import investigation_times

        provide(calendar_of=calendar_of)
        RELEASE_BLOCKERS.append(Blocker("Every deviation is closed", batches.open_deviations))
        PORTS.events, PORTS.report_url = batches.events, batches.report_url
        PORTS.investigation_times = investigation_times
