from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "oversight.kernel.api"
    label = "api"
