from typing import Any

from django.core.management.commands import migrate

from oversight.kernel.database.roles import acting_as


class Command(migrate.Command):
    """`manage.py migrate` signs in as the owner, wherever it is called from."""

    def get_check_kwargs(self, options: Any) -> Any:
        # The database is checked after it was migrated: its own check must not forbid the cure.
        return super().get_check_kwargs(options) | {"databases": []}

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as("owner", options["database"]):
            super().handle(*args, **options)
