"""Gap-free numbers, per sponsor and series."""

from .numbers import Pattern, take, take_many

__all__ = ["Pattern", "take", "take_many"]
