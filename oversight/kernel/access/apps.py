from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "oversight.kernel.access"
    label = "access"

    def ready(self) -> None:
        from . import security  # noqa: F401  connects the sign-in signals to the security log
