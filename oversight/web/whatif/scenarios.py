"""The page that lays several scenarios of one programme beside each other."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address, key_in
from oversight.kernel.records.frame import acting, layout_of
from oversight.kernel.records.writes import demand
from techtransfer.models import Programme, Scenario
from techtransfer.records import PROGRAMME, SCENARIO
from techtransfer.showing.comparing import MOST, compare
from techtransfer.whatif.preview import NARROWED

SHOWN = 50
TOO_FEW = "Choose two scenarios at least."
TOO_MANY = f"Choose no more than {MOST} scenarios."


@dataclass(frozen=True, slots=True)
class Choice:
    """One scenario that can be chosen."""

    pk: int
    title: str
    number: str
    href: str
    author: str
    until: date | None
    shared: bool
    status: str
    tone: str
    glyph: str
    days: int | None
    chosen: bool


def compare_scenarios(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that the address names, and all that can be chosen."""
    actor = acting(request)
    programme = programme_of(actor, pk)
    demand(SCENARIO, actor, "view")
    wanted = list(dict.fromkeys(request.GET.getlist("id")))
    keys = [key_in(text) for text in wanted]
    rows = Scenario.objects.visible_to(actor).filter(programme=programme).order_by("-pk")
    named = {record.pk: record for record in rows.filter(pk__in=[key for key in keys if key][: MOST + 1])}
    chosen = [named[key] for key in keys[: MOST + 1] if key in named]
    if len(chosen) < len(wanted[: MOST + 1]):
        raise Http404
    problem = _problem(actor, len(wanted))
    context: dict[str, Any] = {
        "layout": layout_of(actor),
        "record": programme,
        "list_url": address(PROGRAMME, "list", actor),
        "programme_url": address(PROGRAMME, "detail", actor, programme.pk),
        "here": request.path,
        "most": MOST,
        "problem": problem,
        "compared": compare(programme, chosen, SCENARIO, actor) if len(chosen) > 1 and not problem else None,
        "choices": [_choice(record, named, actor) for record in rows[:SHOWN]],
    }
    return render(request, "techtransfer/compare_scenarios.html", context)


def programme_of(actor: Actor, pk: int) -> Programme:
    """The programme, or the 404 that one which never was would get."""
    demand(PROGRAMME, actor, "view")
    found = PROGRAMME.joined(Programme.objects.visible_to(actor), actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return cast(Programme, found)


def _problem(actor: Actor, count: int) -> str:
    if count and actor.cdmos is not None:
        return NARROWED
    if count > MOST:
        return TOO_MANY
    return TOO_FEW if count == 1 else ""


def _choice(record: Scenario, named: dict[int, Scenario], actor: Actor) -> Choice:
    tone, glyph = SCENARIO.tones["status"][record.status]
    return Choice(
        record.pk,
        record.title,
        record.number,
        address(SCENARIO, "detail", actor, record.pk),
        record.author_name,
        record.expires_on,
        record.shared,
        record.get_status_display(),
        tone,
        glyph,
        record.days if actor.cdmos is None else None,
        record.pk in named,
    )
