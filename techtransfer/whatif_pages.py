"""What-if on the page of a programme, and the pages of scenarios: previews that are read, kept and compared."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from oversight.kernel.access.scope import Actor
from oversight.kernel.components.marks import inside
from oversight.kernel.records.addresses import address, key_in
from oversight.kernel.records.facts import facts
from oversight.kernel.records.pages import RecordPages
from oversight.kernel.workflow.models import Case

from .forecast.impact import Impact
from .models import Milestone, Programme, Scenario
from .records import PROGRAMME, SCENARIO
from .showing.scenario import kept, kept_of
from .showing.supposing import bar_of, has_moved_on, moment_of
from .showing.winning import ways_for

MOVED_ON = "The dates were computed anew since the preview. What you keep is computed on the plan as it is now."
ABOUT = ("programme", "author_name", "expires_on", "shared", "computed_at", "forecast_at")


def supposing(
    programme: Programme, steps: Sequence[Milestone], impact: Impact, query: QueryDict, actor: Actor
) -> dict[str, Any]:
    """The bar with what the address supposes, and the ways to win days back."""
    bar, ground = bar_of(programme, steps, query, {"programme": PROGRAMME, "scenario": SCENARIO}, actor)
    found: dict[str, Any] = {"whatif": bar, "ways": None, "scenarios": kept_of(programme, SCENARIO, actor)}
    found["compare_url"], found["baselines_url"] = f"{bar.url}scenarios/compare/", f"{bar.url}baselines/compare/"
    if ground is not None:
        order = [study.id for study in impact.studies]
        wanted = key_in(query.get("for", ""))
        found["ways"] = ways_for(ground, wanted, order, bar.url, bar.as_of, by=actor)
    return found


class ScenarioPages(RecordPages):
    """The pages of scenarios."""

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """A preview names the programme, what is supposed, and of which dates it was."""
        key = key_in(request.GET.get("programme", ""))
        programme = Programme.objects.visible_to(actor).filter(pk=key).first() if key else None
        if programme and has_moved_on(programme, moment_of(request.GET.get("as_of", "")[:60])):
            messages.info(request, MOVED_ON)
        given = {"suppositions": request.GET.get("if", "")[:1000], "title": request.GET.get("title", "")[:120]}
        return super().preset(request, actor) | {"programme": key} | given

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """What it came to, what it comes to now, and where it is previewed and compared."""
        scenario, found = cast(Scenario, record), super().beside(record, actor, asked)
        programme_url = address(PROGRAMME, "detail", actor, scenario.programme_id)
        found |= {
            "programme_url": programme_url,
            "compare_url": f"{programme_url}scenarios/compare/?id={scenario.pk}",
            "groups": [("About", facts(self.kind, record, ABOUT, actor))],
            "narrowed": actor.cdmos is not None,
        }
        if actor.cdmos is not None:
            return found
        shown = kept(scenario, actor)
        lines = [("if", line) for line in scenario.suppositions.splitlines()]
        return found | {
            "kept": shown,
            "said": f"If {', and '.join(inside(said) for said in shown.sentences)}",
            "preview_url": f"{programme_url}?{urlencode(lines)}#what-if" if shown.today else "",
        }
