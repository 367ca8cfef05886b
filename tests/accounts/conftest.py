"""Mail that a worker would send is sent at once."""

from collections.abc import Iterator

import pytest

from oversight.celery import app


@pytest.fixture
def workers() -> Iterator[None]:
    """Tasks run where they are rung for."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False
