"""Addresses of the help, below `help/`."""

from django.urls import URLPattern, path

from oversight.web.validation.pages import validation

from . import pages
from .gallery import gallery
from .roles import PAGES

urlpatterns: list[URLPattern] = [
    path("", pages.index, name="help"),
    path("components/", gallery, name="components"),
    path("clocks/", pages.clocks, name="help-clocks"),
    path("words/", pages.words, name="help-words"),
    path("signatures/", pages.signatures, name="help-signatures"),
    path("keyboard/", pages.keyboard, name="help-keyboard"),
    path("notices/", pages.notices, name="help-notices"),
    path("validation/", validation, name="help-validation"),
    *(path(f"{each.slug}/", pages.role(each), name=f"help-{each.slug}") for each in PAGES),
]
