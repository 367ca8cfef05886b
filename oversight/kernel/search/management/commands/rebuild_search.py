from typing import Any

from django.core.management.base import BaseCommand

from oversight.kernel.database.roles import acting_as
from oversight.kernel.search.indexes import rebuild


class Command(BaseCommand):
    help = "Make the indexes of the search again. Writing waits meanwhile; nothing else does."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the database role `owner`."""
        with acting_as("owner"):
            tables = rebuild()
        self.stdout.write(f"Searched anew: {', '.join(tables)}.")
