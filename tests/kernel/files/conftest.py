"""A store of one's own for each test."""

import pytest


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT
