"""Record kinds: the generic pages of the house."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Carries the template tags of the record pages, and makes exports when somebody asks for one."""

    name = "oversight.kernel.records"
    label = "records"

    def ready(self) -> None:
        """Hear of exports that are asked for."""
        from oversight.kernel.outbox import subscribe

        from .exports import MAKER

        subscribe(MAKER)
