"""The published plan stands beside the project; where it does not, its module is not collected."""

from tests.kernel.files.conftest import store

from .bringing import SAVED

__all__ = ["store"]  # of its own for each test

collect_ignore = [] if SAVED.exists() else ["test_reference.py"]
