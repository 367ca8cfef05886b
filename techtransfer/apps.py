from django.apps import AppConfig


class TechtransferConfig(AppConfig):
    name = "techtransfer"
    verbose_name = "Programmes"

    def ready(self) -> None:
        """What moves a date sets off the cascade; a plan file is needed while it waits and once it is in."""
        from oversight.kernel.files.letting_go import content_is_named_by

        from .exchange.keeping import needed
        from .subscribers import begin

        begin()
        content_is_named_by(needed)
