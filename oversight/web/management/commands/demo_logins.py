import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oversight.kernel.access.demo import is_loaded
from oversight.web.demo.people import PASSWORD, SEATS


class Command(BaseCommand):
    help = "Print the people of the demo world as JSON: email, password, sponsor (the slug in the path), role, cdmo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the plain role; a person with a seat at both sponsors stands there twice."""
        if not is_loaded():
            raise CommandError("There is no demo world in this database: python3 dev.py manage load_demo")
        people = [
            {"email": seat.email, "password": PASSWORD, "sponsor": seat.sponsor, "role": seat.role, "cdmo": seat.cdmo}
            for seat in SEATS
            if not seat.is_program
        ]
        self.stdout.write(json.dumps(people, indent=2))
