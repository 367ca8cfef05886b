from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from oversight.kernel.trail.verify import verify


class Command(BaseCommand):
    help = "Recompute every seal. Exit 0: clean; 1: each altered, missing, added or reordered row is named."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the database role `sealer`."""
        try:
            verdict = verify()
        except ImproperlyConfigured as missing:
            raise CommandError(str(missing), returncode=2) from missing
        for note in verdict.notes:
            self.stdout.write(f"note: {note}")
        for finding in verdict.findings:
            self.stdout.write(str(finding))
        scope = f"{verdict.rows} rows in {verdict.blocks} blocks"
        if verdict.findings:
            raise CommandError(f"The trail is not as it was sealed: {len(verdict.findings)} findings over {scope}.")
        self.stdout.write(f"The trail is as it was sealed: {scope}.")
