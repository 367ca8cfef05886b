"""Addresses of drafts at either door."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from . import pages


def draft_urls() -> list[URLPattern]:
    """One's own drafts, where forms save them, and where one is thrown away."""
    return [
        path("drafts/", require_http_methods(["GET", "HEAD", "POST"])(pages.drafts), name="drafts"),
        path("drafts/<int:pk>/discard/", require_POST(pages.discard), name="draft-discard"),
    ]
