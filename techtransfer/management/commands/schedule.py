"""`manage.py schedule`: the dates of a plan given as JSON; reads and writes no database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from techtransfer.schedule.__main__ import run


class Command(BaseCommand):
    """The same as `python -m techtransfer.schedule`, which `python3 dev.py manage schedule` runs."""

    help = "Reads a plan, or an array of plans, as JSON from standard input and writes its dates as JSON."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer what is asked on standard input."""
        code = run(sys.stdin.buffer, sys.stdout)
        if code:
            sys.exit(code)
