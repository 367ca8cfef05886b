from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "oversight.kernel.search"
    label = "search"

    def ready(self) -> None:
        """The indexes are brought up to date after every migrate, when the record kinds and their columns are there."""
        from .indexes import index_after_migrate, indexes_stand

        records = apps.get_app_config("records")  # Django tells no app without models that a migrate is over
        post_migrate.connect(index_after_migrate, sender=records, dispatch_uid="search.indexes")
        register(Tags.database)(indexes_stand)  # type: ignore[type-var]  # the stubs know no keyword-only check
