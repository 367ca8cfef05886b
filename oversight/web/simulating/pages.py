"""The simulations of a programme: their list, where one more is asked for, and each with what its runs say."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address, key_in, place
from oversight.kernel.records.frame import KindPages
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from techtransfer.models import Programme, Simulation
from techtransfer.models.simulation import FEWEST, MOST, USUAL
from techtransfer.records import MILESTONE, PROGRAMME, STUDY
from techtransfer.showing.simulation import one_url
from techtransfer.simulation.asking import CAPABILITY, MOST_SEED, NO_SEED, OUT_OF_RANGE, ask, objections
from techtransfer.simulation.reading import simulations_of, tell

from .histogram import histogram

SHOWN = 20
_pages = KindPages(PROGRAMME)


@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of one programme, latest first; or one more, asked for."""
    actor, programme = _found(request, pk)
    if request.method != "POST":
        return _list(request, programme, actor)
    if not actor.can(CAPABILITY):
        raise NotAllowed(CAPABILITY)
    runs, seed, errors = _wish(request)
    if errors:
        return _list(request, programme, actor, errors=errors, status=422)
    try:
        simulation = ask(programme, runs=runs, seed=seed, by=actor)
    except Refused as refused:
        return _list(request, programme, actor, refused=refused.sentences, status=409)
    return HttpResponseRedirect(one_url(simulation, actor))


@require_safe
def show(request: HttpRequest, pk: int, simulation: int) -> HttpResponse:
    """One simulation: how far it is, or what its runs say and on what they rest."""
    actor, programme = _found(request, pk)
    rows = simulations_of(programme, by=actor).select_related("result")
    found: Simulation | None = rows.filter(pk=simulation).first()
    if found is None:
        raise Http404
    told = tell(found, by=actor)
    studies = [(odds, histogram(odds)) for odds in told.studies]
    context = {
        "simulation": found,
        "told": told,
        "studies": studies,
        "step_urls": {
            driver.step: address(MILESTONE, "detail", actor, driver.step)
            for odds in told.studies
            for driver in odds.drivers
            if driver.step
        },
        "study_urls": {odds.id: address(STUDY, "detail", actor, odds.id) for odds in told.studies},
    }
    return _render(request, "simulation/one.html", context, programme, actor)


def _found(request: HttpRequest, pk: int) -> tuple[Actor, Programme]:
    actor = _pages.enter(request, "view")
    return actor, cast(Programme, _pages.find(actor, pk))


def _wish(request: HttpRequest) -> tuple[int, int | None, dict[str, str]]:
    """How many runs, and with which seed; and what is wrong with either."""
    typed = {name: request.POST.get(name, "").strip() for name in ("runs", "seed")}
    runs, seed = key_in(typed["runs"].replace(",", "")), key_in(typed["seed"])
    errors = {}
    if runs is None or not FEWEST <= runs <= MOST:
        errors["runs"] = OUT_OF_RANGE
    if typed["seed"] and (seed is None or seed > MOST_SEED):
        errors["seed"] = NO_SEED
    return runs or USUAL, seed, errors


def _list(
    request: HttpRequest,
    programme: Programme,
    actor: Actor,
    *,
    errors: dict[str, str] | None = None,
    refused: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    before = key_in(request.GET.get("before", ""))
    rows = simulations_of(programme, by=actor)
    found = list((rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1])
    all_url = place("programmes-simulations", actor, pk=programme.pk)
    asks = actor.can(CAPABILITY)
    context: dict[str, Any] = {
        "lines": [(each, one_url(each, actor)) for each in found[:SHOWN]],
        "older_url": f"{all_url}?before={found[SHOWN - 1].pk}" if len(found) > SHOWN else "",
        "newest_url": all_url if before else "",
        "asks": asks,
        "unmet": objections(programme, by=actor) if asks and not refused else refused,
        "errors": errors or {},
        "refused": refused,
        "typed": {name: request.POST.get(name, "")[:40] for name in ("runs", "seed")},
        "fewest": FEWEST,
        "most": MOST,
        "usual": USUAL,
    }
    return _render(request, "simulation/list.html", context, programme, actor, status=status)


def _render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    programme: Programme,
    actor: Actor,
    *,
    status: int = 200,
) -> HttpResponse:
    context |= {
        "record": programme,
        "programme_url": address(PROGRAMME, "detail", actor, programme.pk),
        "all_url": place("programmes-simulations", actor, pk=programme.pk),
    }
    return _pages.render(request, template, context, status=status)
