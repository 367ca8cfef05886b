from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from oversight.kernel.trail import published
from oversight.kernel.trail.seals import all_heads, mac_of, sealer


class Command(BaseCommand):
    help = "After restoring a dump that lacks published blocks: sign that the chain goes on from what was restored."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, help="who accepts the loss")
        parser.add_argument("--why", required=True, help="what happened, for the inspector")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the database role `sealer`, with the key of the seals; the loss stays in the seal log for ever."""
        try:
            with sealer() as cursor:
                heads = all_heads(cursor)
                cursor.execute("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
                (cluster,) = cursor.fetchone()
            number, newest = heads[-1].number if heads else 0, published.newest()
            if newest is None or newest.number <= number:
                raise CommandError("Nothing to accept: no block that was published is missing.")
            draft = published.Acceptance(number, cluster, options["by"], options["why"], datetime.now(UTC))
            published.accept(replace(draft, mac=mac_of(draft.said())))
        except ImproperlyConfigured as missing:
            raise CommandError(str(missing), returncode=2) from missing
        self.stdout.write(f"Accepted: the chain goes on after block {number}; {newest.number - number} lost.")
