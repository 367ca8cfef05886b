"""Addresses of the help, below `help/`."""

from django.urls import URLPattern, path

from .gallery import gallery

urlpatterns: list[URLPattern] = [
    path("components/", gallery, name="components"),
]
