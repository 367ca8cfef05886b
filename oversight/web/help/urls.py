"""Addresses of the help, below `help/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
