"""The page of a programme: its plan drawn and as a table, what moved it, what might, and what belongs to it."""

from typing import Any, cast

from django.http import QueryDict
from django.utils.safestring import SafeString

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.facts import facts
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.listing import Listing
from oversight.kernel.records.pages import RecordPages
from oversight.kernel.workflow.models import Case

from .forecast.impact import read_impact
from .models import Programme
from .records import (
    BASELINE,
    CLOSURE,
    DEPENDENCY,
    EARLY_WARNING,
    IMPACT_ALERT,
    MARKETS,
    MILESTONE,
    SLOT,
    STUDY,
)
from .showing import listing as lines
from .showing import programme as showing
from .showing import simulation as simulating
from .showing import warnings as telling
from .showing.batches import batches
from .showing.chains import chains
from .showing.drawn import drawn
from .showing.rows import table
from .showing.steps import grouped, only, refs_of, steps_of
from .sight import named
from .whatif_pages import supposing

KINDS = {"study": STUDY, "milestone": MILESTONE}
ABOUT = ("product", "title", "phase", MARKETS, "owner_name", "description")


class ProgrammePages(RecordPages):
    """The pages of programmes. What belongs to one stands in panels of their own: the generic ones are not read."""

    def __init__(self, kind: RecordKind, children: tuple[RecordKind, ...] = ()) -> None:
        super().__init__(kind)

    def _heads(self, listing: Listing, actor: Actor) -> list[dict[str, str]]:
        """Columns that no field has: how the first study stands, and what is on hold."""
        title = super()._heads(listing, actor)[0]
        return [title, *({"label": label, "href": "", "sort": ""} for label in lines.HEADS)]

    def _rows(self, listing: Listing, actor: Actor) -> list[SafeString]:
        return lines.rows(self.kind, cast(tuple[Programme, ...], listing.records), actor)

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """The whole plan, in a number of statements that does not depend on its size."""
        programme = cast(Programme, record)
        steps, impact = steps_of(programme, actor), read_impact(programme, by=actor)
        known = named(refs_of(steps), actor)
        baselines = showing.baselines(programme, actor)
        groups, links = grouped(MILESTONE, steps, known, actor), showing.links_of(programme, actor)
        here = f"?programme={programme.pk}"
        alerts = showing.alerts(IMPACT_ALERT, programme, actor)
        warnings, warned = telling.of_programme((EARLY_WARNING, MILESTONE), programme, actor)
        more_alerts = len(alerts) > showing.ALERTS
        figures = showing.figures(impact, steps, KINDS, programme, actor)
        first = impact.studies[0].id if impact.studies else None
        supposed = supposing(programme, steps, impact, asked, actor)
        bar = supposed["whatif"]
        return (
            simulating.beside(programme, figures, first, actor)
            | supposed
            | {
                "impact": impact,
                "chains": chains(impact.studies),
                "to_come": [study.code for study in impact.studies if study.is_to_come],
                "plan": drawn(groups, links, asked, imagined=bar.imagined),
                "rows_open": table(only(groups, is_open=True), warned, bar.shorts),
                "rows_done": table(only(groups, is_open=False), {}, bar.shorts),
                "done": sum(not step.is_open for step in steps),
                "steps": steps,
                "narrowed": actor.cdmos is not None,
                "studies": showing.studies(STUDY, programme, impact.studies, actor),
                "baselines": showing.children(BASELINE, programme, baselines, actor),
                "in_force": showing.in_force(baselines),
                "batches": batches(programme, actor),
                "links": showing.dependencies(DEPENDENCY, links, steps, actor),
                "links_url": address(DEPENDENCY, "list", actor) + here if len(links) > showing.FEW else "",
                "slots": showing.slots(SLOT, steps, actor),
                "closures": showing.closures(CLOSURE, steps, actor),
                "alerts": alerts[: showing.ALERTS],
                "alerts_url": f"{address(IMPACT_ALERT, 'list', actor)}{here}&status=OPEN" if more_alerts else "",
                "warnings": warnings,
                "warnings_url": f"{address(EARLY_WARNING, 'list', actor)}{here}",
                "groups": [("About", facts(self.kind, record, ABOUT, actor))],
                "export_url": address(MILESTONE, "export", actor),
                "step_url": _adding(MILESTONE, programme, actor),
                "link_url": _adding(DEPENDENCY, programme, actor),
            }
        )


def _adding(kind: RecordKind, programme: Programme, actor: Actor) -> str:
    """Where one more is added to an active programme."""
    if programme.status != Programme.Status.ACTIVE or not kind.may_write(actor, "create"):
        return ""
    return f"{address(kind, 'create', actor)}?programme={programme.pk}"
