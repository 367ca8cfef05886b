"""Addresses of notices at either door, and of the calendar feed outside of them."""

from django.urls import URLPattern, path

from . import feed, pages, preferences

urlpatterns: list[URLPattern] = [path("calendar/<slug:secret>.ics", feed.feed, name="calendar-feed")]


def notice_urls() -> list[URLPattern]:
    """The pages of notices, at either door."""
    return [
        path("notices/", pages.overview, name="notices"),
        path("notices/read/", pages.read_all, name="notices-read"),
        path("notices/preferences/", preferences.preferences, name="notice-preferences"),
        path("notices/calendar/", preferences.calendar, name="notice-calendar"),
        path("notices/<int:pk>/", pages.follow, name="notice"),
    ]
