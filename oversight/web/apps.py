from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "oversight.web"
    label = "web"

    def ready(self) -> None:
        """Every process knows the record kinds, and with them who may do what."""
        from oversight.kernel.access.endings import provide
        from oversight.kernel.records.drafts import FORMS

        from . import catalogue
        from .drafting.keeping import keep_at_the_end

        FORMS.declare(catalogue.KINDS)
        provide(keep_at_the_end)
        from .administration import invitations

        invitations.listen()
        from .notices import rules

        rules.begin()
