from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "oversight.kernel.numbering"
    label = "numbering"
