"""`python -m bench`, as `python3 dev.py bench` starts it: prints every figure and exits 1 when a goal is missed.

Names of modules (`cascade`, `schedule`) ask for their figures alone; `--quick` takes fewer turns and smaller sizes.
"""

import os
import platform
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import ModuleType

import django

from .figures_file import noting
from .pace import PACE
from .report import Row, report

QUICK = "--quick"


def main() -> int:
    """Fill what is not kept, measure, print and judge."""
    warnings.filterwarnings("ignore", "No directory at")  # static files are collected where they are served
    django.setup()

    start = time.perf_counter()
    PACE.quick = QUICK in sys.argv
    chosen = _chosen([each for each in sys.argv[1:] if each != QUICK])
    print(head := header(), flush=True)
    code = report(_figures(chosen), note=noting(Path(os.environ["DATA_DIR"]) / "figures.json", head))
    print(f"{time.perf_counter() - start:.0f} s in all")
    return code


def _figures(chosen: Sequence[Sequence[ModuleType]]) -> Iterator[Row]:
    """Each dataset is copied once, for all that is measured on it."""
    from .crowd import Crowd
    from .datasets import CROWD, PLANS, WORLD
    from .ground import Ground
    from .kept import measured
    from .world import World

    alone, of_the_world, of_the_plans, of_the_crowd = chosen
    yield from chain.from_iterable(each.figures() for each in alone)
    if of_the_world:
        with measured(WORLD) as told:
            yield from chain.from_iterable(each.figures(World.of(told)) for each in of_the_world)
    if of_the_plans:
        with measured(PLANS) as told:
            grounds = {int(size): Ground.of(ground) for size, ground in told.items()}
            yield from chain.from_iterable(each.figures(grounds) for each in of_the_plans)
    if of_the_crowd:
        with measured(CROWD) as told:
            crowds = {name: Crowd.of(crowd) for name, crowd in told.items()}
            yield from chain.from_iterable(each.figures(crowds) for each in of_the_crowd)


def _chosen(asked: Sequence[str]) -> tuple[list[ModuleType], ...]:
    """The modules by what they are measured on; those of the names that were asked for, else all."""
    from . import (
        api,
        budget,
        cascade,
        exchange,
        grants,
        growth,
        lists,
        outbox,
        page,
        pages,
        pages_grown,
        saves,
        schedule,
        sealing,
        simulation,
        today,
        unbuilt,
    )  # fmt: skip

    groups: tuple[tuple[ModuleType, ...], ...] = (
        (unbuilt, schedule, simulation),  # which need no data
        (saves, outbox, lists, pages, budget, sealing),  # the world; what is sealed is what the others wrote, too
        (cascade, exchange),  # the plans
        (page, api, grants, today, pages_grown, growth),  # the crowd, whose history nobody wrote
    )
    names = {_name(each) for each in chain.from_iterable(groups)}
    if unknown := set(asked) - names:
        sys.exit(f"There is no bench {', '.join(sorted(unknown))}; there are {', '.join(sorted(names))}.")
    return tuple([each for each in group if not asked or _name(each) in asked] for group in groups)


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def header() -> str:
    """On what the figures were taken, and how thoroughly."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync') = 'on'")
        postgres, lasting = cursor.fetchone()
    versions = f"PostgreSQL {postgres}, Django {django.__version__}, Python {platform.python_version()}"
    disk = "commits wait for the disk" if lasting else "commits do not wait for the disk"
    pace = "; quick: fewer turns, smaller sizes, no figure to be quoted" if PACE.quick else ""
    return f"{versions}, {os.cpu_count()} cores, {disk}{pace}"


if __name__ == "__main__":
    sys.exit(main())
