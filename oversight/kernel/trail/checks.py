"""`manage.py check --database default`: each audited table has the guards that its present columns call for."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from .guards import guards


def guards_stand(*, databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The drift check: one error per table and problem."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            for guard in list(guards(cursor)):
                errors += [Error(problem, id="trail.E001", obj=guard.model) for problem in guard.problems(cursor)]
    return errors
