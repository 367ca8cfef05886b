"""Addresses of notices at either door, and of the calendar feed outside of them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []


def notice_urls() -> list[URLPattern]:
    return []
