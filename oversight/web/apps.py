from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "oversight.web"
    label = "web"

    def ready(self) -> None:
        """Every process knows the record kinds, and with them who may do what."""
        from . import catalogue  # noqa: F401
