import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from oversight.kernel.trail.functions import EXPECTED, standing


class Command(BaseCommand):
    help = (
        "For developers: note the kernel's functions of a freshly migrated database as those that the code calls for."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the plain role."""
        with connection.cursor() as cursor:
            EXPECTED.write_text(json.dumps(standing(cursor), indent=1) + "\n")
