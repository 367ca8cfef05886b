"""The clock on the wall of the stories."""

from tests.quality.acting import watch

__all__ = ["watch"]
