from django.apps import AppConfig


class EsignConfig(AppConfig):
    name = "oversight.kernel.esign"
    label = "esign"
