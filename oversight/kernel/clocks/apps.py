from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "oversight.kernel.clocks"
    label = "clocks"
