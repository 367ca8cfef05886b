from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class TrailConfig(AppConfig):
    name = "oversight.kernel.trail"
    label = "trail"

    def ready(self) -> None:
        from .checks import guards_stand
        from .rights import grant_after_migrate

        post_migrate.connect(grant_after_migrate, sender=self, dispatch_uid="trail.rights")
        register(Tags.database)(guards_stand)  # type: ignore[type-var]  # the stubs know no keyword-only check
