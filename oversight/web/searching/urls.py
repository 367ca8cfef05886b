"""Addresses of the search at either door."""

from django.urls import URLPattern, path

from .pages import search


def search_urls() -> list[URLPattern]:
    """The one address of the search, at either door."""
    return [path("search/", search, name="search")]
