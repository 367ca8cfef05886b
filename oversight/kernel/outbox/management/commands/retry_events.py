from contextlib import closing
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

FAILED = "SELECT id, tenant_id, name, tries, error FROM outbox_event WHERE state = 'FAILED' ORDER BY id"
AGAIN = """
UPDATE outbox_event SET state = 'WAITING', tries = 0, rings = 0, due_at = clock_timestamp() WHERE state = 'FAILED'
"""


class Command(BaseCommand):
    help = "List the events that were given up; with --all, have them delivered again once what failed is mended."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="deliver them again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the database role `relay`."""
        if not (url := settings.ROLE_URLS["relay"]):
            raise CommandError("This needs the database role relay: set RELAY_URL.")
        with closing(psycopg2.connect(url, connect_timeout=5)) as database, database, database.cursor() as cursor:
            cursor.execute(FAILED)
            for event, tenant, name, tries, error in cursor.fetchall():
                self.stdout.write(f"event {event} of tenant {tenant}: {name}, {tries} tries, {error}")
            if options["all"]:
                cursor.execute(AGAIN)
                self.stdout.write(f"Delivered again: {cursor.rowcount}")
