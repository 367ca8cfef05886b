"""The clock on the wall of the stories."""

from .acting import watch

__all__ = ["watch"]
