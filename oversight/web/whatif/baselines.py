"""Any two baselines of a programme beside each other, or one and today's forecast: a page, and a file of it."""

import csv
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address, key_in
from oversight.kernel.records.frame import acting, layout_of
from oversight.kernel.records.tables import harmless
from oversight.kernel.records.writes import demand
from techtransfer.models import Baseline, Programme
from techtransfer.records import BASELINE, MILESTONE, PROGRAMME, STUDY
from techtransfer.showing.variance import HEAD, TODAY, Side, Variances, rows_of, variances

from .scenarios import programme_of

KINDS = {"milestone": MILESTONE, "study": STUDY}
SHOWN = 200
ALIKE = "Choose two that are not the same."


def compare_baselines(request: HttpRequest, pk: int) -> HttpResponse:
    """`a` and `b` name a baseline each, or `today`; without them, the one in force and today."""
    actor = acting(request)
    programme = programme_of(actor, pk)
    demand(BASELINE, actor, "view")
    known = sides_of(programme, actor)
    a, b = (chosen(known, request.GET.get(name, ""), name) for name in ("a", "b"))
    if a is None or b is None:
        raise Http404
    found = variances(programme, a, b, KINDS, actor) if a != b else None
    if found and request.GET.get("format") == "csv":
        return _file(programme, found)
    context: dict[str, Any] = {
        "layout": layout_of(actor),
        "record": programme,
        "list_url": address(PROGRAMME, "list", actor),
        "programme_url": address(PROGRAMME, "detail", actor, programme.pk),
        "here": request.path,
        "sides": known,
        "a": a,
        "b": b,
        "found": found,
        "steps": found.steps[:SHOWN] if found else (),
        "problem": "" if found or len(known) < 2 else ALIKE,
        "csv_url": f"{request.path}?a={a.key}&b={b.key}&format=csv",
    }
    return render(request, "techtransfer/compare_baselines.html", context)


def sides_of(programme: Programme, actor: Actor) -> list[Side]:
    """Everything that can be laid beside another: today's forecast, then the baselines, the newest first."""
    rows = Baseline.objects.visible_to(actor).filter(programme=programme).order_by("-pk")
    return [Side(None), *(Side(record) for record in rows)]


def chosen(known: Sequence[Side], text: str, name: str) -> Side | None:
    """The side that an address names; without a name, the one in force against today. None: there is no such."""
    if not text:
        in_force = next((side for side in known if side.record and side.record.status == "APPROVED"), None)
        latest = next((side for side in known if side.record), known[0])
        return (in_force or latest) if name == "a" else known[0]
    key = TODAY if text == TODAY else str(key_in(text) or "")
    return next((side for side in known if side.key == key), None)


def _file(programme: Programme, found: Variances) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{programme.number}-{found.a.key}-{found.b.key}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # so that Excel reads it as UTF-8
    about = [(programme.number, str(programme)), ("First", found.a.title), ("Second", found.b.title), ()]
    writer = csv.writer(response)
    writer.writerows(harmless([*about, HEAD]))
    for *words, days in rows_of(found):
        writer.writerow([*next(harmless([words])), days])  # a number of days below zero is no formula
    return response
