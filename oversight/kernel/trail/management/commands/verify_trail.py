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
        scope = f"{_counted(verdict.rows, 'row')} in {_counted(verdict.blocks, 'block')}"
        if verdict.findings:
            found = _counted(len(verdict.findings), "finding")
            raise CommandError(f"The trail is not as it was sealed: {found} over {scope}.")
        self.stdout.write(f"The trail is as it was sealed: {scope}.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
