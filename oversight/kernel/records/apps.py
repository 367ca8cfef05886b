"""Record kinds: the generic pages of the house."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Carries the template tags of the record pages."""

    name = "oversight.kernel.records"
    label = "records"
