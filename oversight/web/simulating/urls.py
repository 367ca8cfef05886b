"""The addresses, in the sponsor's workspace and below its part of the API."""

from django.urls import URLPattern, path

from oversight.kernel.api.endpoints import view_of
from oversight.kernel.api.resource import Resource
from techtransfer.records import PROGRAMME

from .endpoints import OneSimulation, Simulations
from .pages import show, show_all

ALL = f"{PROGRAMME.slug}/<int:pk>/simulations/"
ONE = f"{ALL}<int:simulation>/"


def simulation_urls() -> list[URLPattern]:
    """For people."""
    return [
        path(ALL, show_all, name=f"{PROGRAMME.slug}-simulations"),
        path(ONE, show, name=f"{PROGRAMME.slug}-simulation"),
    ]


def simulation_api_urls() -> list[URLPattern]:
    """For programs."""
    resource = Resource(PROGRAMME)
    return [
        path(ALL, view_of(Simulations, resource=resource), name=f"{PROGRAMME.slug}-simulations"),
        path(ONE, view_of(OneSimulation, resource=resource), name=f"{PROGRAMME.slug}-simulation"),
    ]
