import subprocess
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from oversight.web.validation.pack import Release, write_pack
from oversight.web.validation.proof import Run, Verdict, read_run


class Command(BaseCommand):
    help = "Write the validation pack as PDF/A from the results of a run. Exit 0: nothing failed; 1: a requirement did."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The results of a run, and where to write."""
        parser.add_argument("--results", required=True, type=Path, help="what pytest --junit-xml wrote")
        parser.add_argument("--out", required=True, type=Path, help="the PDF to write")
        parser.add_argument("--commit", default="", help="the release, where there is no repository to ask")

    def handle(self, *args: Any, results: Path, out: Path, commit: str, **options: Any) -> None:
        """Reads the run, asks for versions, writes the file and says how it ended."""
        run = _run(results)
        made = write_pack(run, _release(commit))
        try:
            out.write_bytes(made)
        except OSError as refused:
            raise CommandError(f"{out} cannot be written: {refused.strerror}.") from refused
        counts = run.counts()
        told = ", ".join(f"{counts[each]} {each.label.lower()}" for each in Verdict)
        self.stdout.write(f"{out}: {told}.")
        if counts[Verdict.FAILED]:
            raise CommandError(f"{counts[Verdict.FAILED]} requirements failed; the pack names them.")


def _run(results: Path) -> Run:
    try:
        run = read_run(results)
    except OSError as missing:
        raise CommandError(f"{results} cannot be read: {missing.strerror}.") from missing
    except (SyntaxError, ValueError) as damaged:
        raise CommandError(f"{results} is no JUnit file: {damaged}.") from damaged
    if not run.verdicts:
        raise CommandError(f"{results} tells of no test. Make it with: python3 dev.py test --junit-xml={results}")
    return run


def _release(commit: str) -> Release:
    asked = ["git", "-C", str(settings.ROOT), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"]
    try:
        told = commit or subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        told = "not known"
    return Release(told.removesuffix("-dirty"), not told.endswith("-dirty"), _database(), datetime.now(UTC))


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return str(cursor.fetchone()[0])
    except DatabaseError:
        return "not reached"
