"""Addresses of the settings, below `settings/` in a sponsor's workspace."""

from django.urls import URLPattern


def settings_urls() -> list[URLPattern]:
    return []
