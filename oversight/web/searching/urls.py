"""Addresses of the search at either door."""

from django.urls import URLPattern


def search_urls() -> list[URLPattern]:
    return []
