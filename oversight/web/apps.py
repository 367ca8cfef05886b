from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "oversight.web"
    label = "web"

    def ready(self) -> None:
        """Every process knows the record kinds, and with them who may do what."""
        from oversight.kernel.access.endings import provide
        from oversight.kernel.records.drafts import FORMS

        from . import catalogue
        from .administration import invitations
        from .drafting.keeping import keep_at_the_end
        from .notices import rules

        FORMS.declare(catalogue.KINDS)
        provide(keep_at_the_end)
        invitations.listen()
        rules.begin()
