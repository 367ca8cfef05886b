"""Simulations as programs ask for them and read them."""

from dataclasses import asdict
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from oversight.kernel.access.scope import Actor
from oversight.kernel.api.answers import answer, invalid, not_found
from oversight.kernel.api.bodies import read_body
from oversight.kernel.api.endpoints import Endpoint
from oversight.kernel.api.fields import BIGGEST
from oversight.kernel.api.idempotency import HEADER, LONGEST
from oversight.kernel.api.lists import cursor_link
from oversight.kernel.api.parameters import whole
from oversight.kernel.api.schema import ALWAYS, CURSOR, WORDS, WRITING, KindSchema
from oversight.kernel.workflow.refusals import NotAllowed
from techtransfer.models import Programme, Simulation
from techtransfer.simulation.asking import CAPABILITY, ask
from techtransfer.simulation.reading import Odds, Told, problem_of, simulations_of, tell

from .shapes import PAGE, SimulationNew, SimulationShape

SHOWN, MOST_SHOWN = 25, 100
BESIDE = ("id", "status", "why", "runs", "runs_done", "seed", "asked_name", "asked_at", "done_at")
VERSIONS = ("inputs_sha256", "result_sha256", "model", "numpy_version", "python_version", "computed_at")
SUMMARIES = {
    "simulations_list": "List the simulations of a programme",
    "simulations_ask": "Ask for a simulation of a programme",
    "simulation": "Read one simulation of a programme",
}


class SimulationSchema(KindSchema):
    """How the OpenAPI document describes them."""

    @property
    def what(self) -> str:
        if isinstance(self.view, OneSimulation):
            return "simulation"
        return "simulations_list" if self.method == "GET" else "simulations_ask"

    def get_summary(self) -> str:
        return SUMMARIES[self.what]

    def get_description(self) -> str:
        return str(getattr(self.view, self.method.lower()).__doc__)

    def get_override_parameters(self) -> list[Any]:
        key = {"type": "integer", "minimum": 1, "maximum": BIGGEST}
        found = [
            OpenApiParameter("sponsor", str, "path", required=True, description="The sponsor's slug."),
            OpenApiParameter("id", key, "path", required=True),
        ]
        if self.what == "simulation":
            found.append(OpenApiParameter("simulation", key, "path", required=True))
        elif self.what == "simulations_list":
            limit = {"type": "integer", "minimum": 1, "maximum": MOST_SHOWN, "default": SHOWN}
            found += [CURSOR, OpenApiParameter("limit", limit, "query")]
        else:
            said = "The same key twice: done once, answered twice. Kept for 24 hours."
            pattern = {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": LONGEST}
            found.append(OpenApiParameter(HEADER, pattern, "header", description=said))
        return found

    def get_request_serializer(self) -> Any:
        return SimulationNew if self.what == "simulations_ask" else None

    def get_response_serializers(self) -> Any:
        asks = self.what == "simulations_ask"
        answers = {status: OpenApiResponse(*WORDS[status]) for status in (WRITING if asks else ALWAYS)}
        success = (
            {202: SimulationShape} if asks else {200: PAGE if self.what == "simulations_list" else SimulationShape}
        )
        return answers | success


class Simulations(Endpoint):
    """Those of one programme."""

    schema = SimulationSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        """List them without their results, latest first, a page at a time."""
        programme = cast(Programme, self.find(pk))
        self.refuse_parameters({"cursor", "limit"})
        query = self.asked.GET
        rows = simulations_of(programme, by=self.actor)
        if "cursor" in query:
            rows = rows.filter(pk__lt=whole(query, "cursor", 1, 2**63 - 1))
        limit = whole(query, "limit", SHOWN, MOST_SHOWN)
        found = list(rows[: limit + 1])
        following = cursor_link(self.asked, str(found[limit - 1].pk)) if len(found) > limit else None
        return answer(
            {"results": [said(each, self.actor) for each in found[:limit]], "next": following, "previous": None}
        )

    def post(self, request: Request, pk: int) -> HttpResponse:
        """Ask for runs. They are made in the background; read the simulation to see how far they are."""
        programme = cast(Programme, self.find(pk))
        if not self.actor.can(CAPABILITY):
            raise NotAllowed(CAPABILITY)
        return self.write(lambda: self._ask(programme))

    def _ask(self, programme: Programme) -> HttpResponse:
        checked = self.check(read_body(self.asked), SimulationNew)
        if checked.errors:
            raise invalid(checked.errors)
        simulation = ask(programme, by=self.actor, **checked.values)
        keys = {"sponsor": self.actor.sponsor, "pk": programme.pk, "simulation": simulation.pk}
        here = reverse(f"api:{self.resource.kind.slug}-simulation", kwargs=keys)
        return answer(said(simulation, self.actor), 202, Location=here)


class OneSimulation(Endpoint):
    """One simulation."""

    schema = SimulationSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]

    def get(self, request: Request, pk: int, simulation: int) -> HttpResponse:
        """How far the runs are and, when they are made, what they say. Advisory: a person decides."""
        programme = cast(Programme, self.find(pk))
        self.refuse_parameters(set())
        rows = simulations_of(programme, by=self.actor).select_related("result")
        found = rows.filter(pk=simulation).first()
        if found is None:
            raise not_found()
        return answer(said(found, self.actor) | {"result": _result(tell(found, by=self.actor))})


def said(simulation: Simulation, by: Actor) -> dict[str, Any]:
    """A simulation without its result."""
    told = {name: getattr(simulation, name) for name in BESIDE} | {"problem": problem_of(simulation, by=by)}
    return told | {"programme": simulation.programme_id, "is_reused": simulation.is_reused, "result": None}


def _result(told: Told) -> dict[str, Any] | None:
    result = told.row.result
    if result is None:
        return None
    return {name: getattr(result, name) for name in VERSIONS} | {
        "status_date": told.status_date,
        "drawn": told.facts,
        "studies": [_study(odds) for odds in told.studies],
    }


def _study(odds: Odds) -> dict[str, Any]:
    return {
        **{name: getattr(odds, name) for name in ("id", "code", "p50", "p80", "p90", "undated")},
        "chances": [{"name": each.name, "day": each.day, "runs": each.runs} for each in odds.chances],
        "weeks": [asdict(week) for week in odds.weeks],
        "drivers": [
            {"step": each.step, "number": each.number, "title": each.title, "runs": each.runs} for each in odds.drivers
        ],
    }
