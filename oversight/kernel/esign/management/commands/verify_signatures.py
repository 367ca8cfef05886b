from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from oversight.kernel.database.roles import connection_as
from oversight.kernel.esign.verification import broken_signatures


class Command(BaseCommand):
    help = "Hold every signature against the version that it signed. Exit 0: all hold; 1: each broken one is named."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the database role `auditor`."""
        try:
            with connection_as("auditor") as connection, connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM esign_signature")
                (total,) = cursor.fetchone()
                findings = list(broken_signatures(cursor))
        except ImproperlyConfigured as missing:
            raise CommandError(str(missing), returncode=2) from missing
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} of {total} signatures do not verify.")
        self.stdout.write(f"Every signature verifies: {total}.")
