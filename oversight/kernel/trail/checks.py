"""`manage.py check --database default`: what stands in the database against what the code calls for."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from . import functions, walls
from .audited import audited
from .guards import judged


def guards_stand(*, databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The drift check: an error for each missing table, each problem of its guards, and each function changed."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            standing = judged(cursor)
            for guard, said in standing:
                errors += [Error(problem, id="trail.E001", obj=guard.model) for problem in said]
            errors += [Error(problem, id="trail.E004") for problem in walls.problems(cursor)]
            present = {guard.table for guard, _ in standing}
            errors += [
                Error(f"the table {each.table} is missing: run migrate", id="trail.E002", obj=each.model)
                for each in audited()
                if each.table not in present
            ]
            errors += [Error(problem, id="trail.E003") for problem in functions.problems(cursor)]
    return errors
