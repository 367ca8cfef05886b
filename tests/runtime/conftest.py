"""Data that was opened before, for those who do not ask how it begins: making it takes most of a minute."""

import os
from pathlib import Path

import pytest

from .instances import opened_before


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that the stories of one file leave to each other."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return opened_before(shared, tmp_path_factory.mktemp("instance") / "data")
