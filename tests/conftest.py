"""The test database: made and migrated by the owner, used by the plain role; the cast."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from oversight.kernel.database.roles import become, credentials

from .browser import browser, visit
from .cast import World, build

__all__ = ["browser", "visit"]  # one Chromium for every folder: a fixture imported twice would be two of them


@pytest.fixture(scope="session")
def plain_role() -> dict[str, object]:
    """What the connection signs in as before the owner takes over."""
    return {key: connection.settings_dict[key] for key in credentials("owner")}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, plain_role: dict) -> None:
    """The owner creates and migrates the test database …"""
    become(credentials("owner"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, plain_role: dict[str, object]
) -> Iterator[None]:
    """… every test runs as the plain role … and the owner takes the database away."""
    with django_db_blocker.unblock():
        become(plain_role)
        yield
        become(credentials("owner"))


@pytest.fixture
def world(db: None) -> World:
    """The cast, in a transaction that is rolled back."""
    return build()


@pytest.fixture
def lasting_world(transactional_db: None) -> World:
    """The cast, committed: for the live server, the sealer, a second connection."""
    return build()
