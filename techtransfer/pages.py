"""The earned pages of what belongs to a programme: a step with all its dates, a study, a baseline."""

from typing import Any, cast

from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, QueryDict

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address, key_in
from oversight.kernel.records.facts import facts
from oversight.kernel.records.forms import RecordForm
from oversight.kernel.records.pages import RecordPages
from oversight.kernel.workflow.definition import Transition
from oversight.kernel.workflow.models import Case

from .forecast.impact import impacts_of
from .models import Baseline, Milestone, Study
from .records import (
    CHECK_IN,
    DEPENDENCY,
    EARLY_WARNING,
    MILESTONE,
    PROGRAMME,
    SLOT,
    STUDY,
)
from .showing import baseline as freezing
from .showing import programme as showing
from .showing import step as one
from .showing import warnings as telling
from .showing.chains import chains, study_days
from .showing.steps import BATCH

STEP = ("programme", "product_code", "step", "stage", "cdmo", "site", "line", "owner_name")
STUDY_FACTS = ("title", "first_patient_in", "owner_name")
BASELINE_FACTS = ("justification", "approved_at")
STEP_CHOICES = {"predecessor", "successor", "first_patient_in"}
LENGTH = ("calendar", "duration_days", "optimistic_days", "pessimistic_days", "earliest_start", "need_by")


class StepPages(RecordPages):
    """The pages of steps, at both doors."""

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """A link from a programme names it."""
        return super().preset(request, actor) | {"programme": key_in(request.GET.get("programme", ""))}

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """All its dates side by side, what drives it, what it waits for and what waits for it."""
        step = cast(Milestone, record)
        known = one.known_of(step, actor)
        return (
            super().beside(record, actor, asked)
            | {
                "groups": [
                    ("Step", facts(self.kind, record, STEP, actor)),
                    ("Duration", facts(self.kind, record, LENGTH, actor)),
                ],
                "state": facts(self.kind, record, ("status",), actor),
                "dates": one.dates(step, self.kind, actor),
                "hold": one.hold(step, known, actor),
                "batch": known.get((BATCH, step.batch_id)),
                "about": one.about(step, self.kind, DEPENDENCY, known, actor),
                "slots": showing.slots(SLOT, [step], actor) if step.line else (),
                "warnings": telling.standing((EARLY_WARNING, MILESTONE), actor, milestone=step),
            }
            | telling.check_ins(CHECK_IN, step, actor)
        )


class LinkPages(RecordPages):
    """The pages of dependencies. A link from a programme offers its steps alone: others are called alike."""

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """A link from a programme names it."""
        return super().preset(request, actor) | {"programme": key_in(request.GET.get("programme", ""))}

    def new_form(
        self, actor: Actor, *, data: QueryDict | None = None, preset: dict[str, Any] | None = None
    ) -> RecordForm:
        """With the steps of the programme that a link names."""
        return _with_steps_of(preset, super().new_form(actor, data=data, preset=preset))


class StudyPages(RecordPages):
    """The pages of studies."""

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """A link from a programme names it."""
        return super().preset(request, actor) | {"programme": key_in(request.GET.get("programme", ""))}

    def new_form(
        self, actor: Actor, *, data: QueryDict | None = None, preset: dict[str, Any] | None = None
    ) -> RecordForm:
        """With the steps of the programme that a link names."""
        return _with_steps_of(preset, super().new_form(actor, data=data, preset=preset))

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """The day that was agreed, the day that is forecast, and what lies between."""
        found = impacts_of([cast(Study, record)], by=actor)
        study = cast(Study, record)
        return super().beside(record, actor, asked) | {
            "impact": found[0],
            "chains": chains(found, all_of_them=True),
            "days": study_days(study),
            "groups": [("Study", facts(self.kind, record, STUDY_FACTS, actor))],
            "programme_url": address(PROGRAMME, "detail", actor, study.programme_id),
        }


class BaselinePages(RecordPages):
    """The pages of baselines: who signs one reads before what it does."""

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """The frozen dates beside those in force and today's forecast."""
        baseline = cast(Baseline, record)
        found = freezing.compare(baseline, STUDY, MILESTONE, actor)
        return super().beside(record, actor, asked) | {
            "comparison": found,
            "effects": freezing.words(found.studies),
            "groups": [("Why", facts(self.kind, record, BASELINE_FACTS[: 1 + bool(baseline.approved_at)], actor))],
            "programme_url": address(PROGRAMME, "detail", actor, baseline.programme_id),
        }

    def beside_move(self, record: Case, transition: Transition, actor: Actor) -> dict[str, Any]:
        """The effect on each study stands beside the signature."""
        if not transition.signed_as:
            return {}
        found = freezing.compare(cast(Baseline, record), STUDY, MILESTONE, actor)
        return {"effects": freezing.words(found.studies), "explained": "techtransfer/_effects.html"}


def _with_steps_of(preset: dict[str, Any] | None, form: RecordForm) -> RecordForm:
    """The form, its choices of a step narrowed to those of the programme in `preset`, where there is one."""
    if programme := (preset or {}).get("programme"):
        for name in STEP_CHOICES & form.fields.keys():
            choice = cast(ModelChoiceField, form.fields[name])
            steps = cast(QuerySet[Milestone], choice.queryset)
            choice.queryset = steps.filter(programme=programme).exclude(status=Milestone.Status.VOID)
    return form
