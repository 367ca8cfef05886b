"""A real Chromium for the journeys of the search, too."""

from tests.journeys.conftest import browser, visit

__all__ = ["browser", "visit"]
