"""`python -m bench`, as `python3 dev.py bench` starts it: prints every figure and exits 1 when a goal is missed."""

import os
import platform
import sys
import time
import warnings
from collections.abc import Iterator
from itertools import chain

import django

from .report import Row, report


def main() -> int:
    """Fill the database, measure, print and judge."""
    warnings.filterwarnings("ignore", "No directory at")  # static files are collected where they are served
    django.setup()
    from . import api, budget, crowd, growth, lists, outbox, page, pages, saves, sealing
    from .plain import make_plain
    from .world import SITES, build

    start = time.perf_counter()
    world = build()
    make_plain()
    print(header(SITES), flush=True)
    of_the_world = (saves, outbox, lists, pages, budget)
    of_the_crowd = (page, api, growth)

    def figures() -> Iterator[Row]:
        yield from chain.from_iterable(each.figures(world) for each in of_the_world)
        yield from sealing.figures()  # before the crowd, whose history nobody wrote
        crowds = crowd.gather()
        yield from chain.from_iterable(each.figures(crowds) for each in of_the_crowd)

    code = report(figures())
    print(f"{time.perf_counter() - start:.0f} s in all")
    return code


def header(rows: int) -> str:
    """On what the figures were taken."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync') = 'on'")
        postgres, lasting = cursor.fetchone()
    versions = f"PostgreSQL {postgres}, Django {django.__version__}, Python {platform.python_version()}"
    disk = "commits wait for the disk" if lasting else "commits do not wait for the disk"
    return f"{versions}, {os.cpu_count()} cores, {rows:,} rows, {disk}"


if __name__ == "__main__":
    sys.exit(main())
