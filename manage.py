#!/usr/bin/env python
"""Django's management commands; `python3 dev.py manage …` runs them with a database at hand."""

import os
import sys

NO_DATABASE = """\
No database answers ({reason}).
Start everything with `python3 dev.py up`, or run `python3 dev.py manage {command}`, which brings its own servers."""
NOT_THERE = """\
The database that DATABASE_URL names does not answer ({reason}).
Start that server; or unset DATABASE_URL and run `python3 dev.py manage {command}`, which brings its own servers."""


def main() -> None:
    """Run the command, and say what to start when no database answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oversight.settings.dev")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        # A server that answered gives a code with its complaint; only the connection itself fails without one.
        if getattr(error.__cause__, "pgcode", None) is not None:
            raise
        reason = str(error).strip().splitlines()[0]
        advice = NOT_THERE if os.environ.get("DATABASE_URL") else NO_DATABASE
        sys.exit(advice.format(reason=reason, command=" ".join(sys.argv[1:])))


if __name__ == "__main__":
    main()
