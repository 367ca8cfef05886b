from django.apps import AppConfig


class CdmosConfig(AppConfig):
    name = "cdmos"
    verbose_name = "Partners"
