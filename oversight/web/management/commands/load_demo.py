from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from oversight.kernel.database.roles import acting_as
from oversight.web.demo.world import load


class Command(BaseCommand):
    help = "Load the demo world: two invented sponsors with their CDMOs. Runs as the database role `loader`."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loading twice changes nothing."""
        try:
            with acting_as("loader"):
                loaded = load()
        except ImproperlyConfigured as missing:
            raise CommandError(f"{missing} The role exists only where demo or test data is loaded.") from missing
        self.stdout.write("The demo world is loaded." if loaded else "The demo world stands already.")
