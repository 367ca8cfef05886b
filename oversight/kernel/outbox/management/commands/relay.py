import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from oversight.kernel.outbox.relay import Relay


class Command(BaseCommand):
    help = "Ring the workers for every event and webhook delivery that is due, until asked to end."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the database role `relay`."""
        if not (url := settings.ROLE_URLS["relay"]):
            raise CommandError("This needs the database role relay: set RELAY_URL.")
        relay = Relay(url)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: relay.ended.set())
        relay.run()
