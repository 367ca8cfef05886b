"""Addresses of the search at either door."""

from django.urls import URLPattern, path

from .pages import search


def search_urls() -> list[URLPattern]:
    return [path("search/", search, name="search")]
