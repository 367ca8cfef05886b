from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "oversight.kernel.components"
    label = "components"
