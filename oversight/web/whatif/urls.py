"""The addresses: pages below a sponsor's workspace, and what programs ask."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from oversight.kernel.api.endpoints import view_of
from oversight.kernel.api.resource import Resource
from techtransfer.records import PROGRAMME

from .asking import WhatIf
from .baselines import compare_baselines
from .scenarios import compare_scenarios
from .varying import BaselinesCompared
from .winning import WaysOf

SLUG = PROGRAMME.slug


def whatif_urls() -> list[URLPattern]:
    """The pages that compare."""
    here = f"{SLUG}/<int:pk>"
    return [
        path(f"{here}/scenarios/compare/", require_safe(compare_scenarios), name=f"{SLUG}-compare-scenarios"),
        path(f"{here}/baselines/compare/", require_safe(compare_baselines), name=f"{SLUG}-compare-baselines"),
    ]


def whatif_api_urls() -> list[URLPattern]:
    """A what-if, the ways to win days back, and baselines compared."""
    resource, here = Resource(PROGRAMME), f"{SLUG}/<int:pk>"
    return [
        path(f"{here}/what-if/", view_of(WhatIf, resource=resource), name=f"{SLUG}-what-if"),
        path(f"{here}/ways/", view_of(WaysOf, resource=resource), name=f"{SLUG}-ways"),
        path(
            f"{here}/baselines/compare/",
            view_of(BaselinesCompared, resource=resource),
            name=f"{SLUG}-baselines-compare",
        ),
    ]
