"""A step is planned, begun and finished; whoever does it moves its date; void only where no plan leads through."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Milestone
from techtransfer.services import milestone as service
from techtransfer.services.slot import free_slots_of

from .guards import (
    follows_no_batch,
    has_a_date,
    no_plan_leads_through_it,
    not_confirmed_today,
    not_owned_by_the_actor,
    of_the_actor,
)

Status = Milestone.Status
PLAN = frozenset(
    {
        "title",
        "step",
        "stage",
        "site",
        "line",
        "calendar",
        "duration_days",
        "optimistic_days",
        "pessimistic_days",
        "earliest_start",
        "need_by",
        "planned_start",
        "planned_end",
    }
)
OPEN = frozenset(Milestone.OPEN)

MILESTONE_WORKFLOW = Workflow(
    name="milestone",
    model=Milestone,
    initial=Status.PLANNED,
    part_of="programme",
    opens=PLAN | {"programme", "cdmo"},
    # A partner moves its date by a move that says why, and amends nothing: the plan is the sponsor's.
    editable={Status.PLANNED: PLAN, Status.IN_PROGRESS: PLAN},
    begin=service.begin,
    transitions=(
        Transition(
            name="start",
            label="Start",
            sources=frozenset({Status.PLANNED}),
            target=Status.IN_PROGRESS,
            capability="milestone.work",
            accepts=("actual_start",),
            guards=(follows_no_batch,),
            stamp=service.start,
            reason="Started.",
            tone="primary",
            icon="play",
            note="If you leave the day empty, it is today at the site.",
        ),
        Transition(
            name="finish",
            label="Finish",
            sources=OPEN,
            target=Status.DONE,
            capability="milestone.work",
            requires=("actual_end",),
            accepts=("actual_start",),
            guards=(follows_no_batch,),
            stamp=service.finish,
            reason="Finished.",
            tone="primary",
            icon="check",
        ),
        Transition(
            name="forecast",
            label="Move the date",
            sources=OPEN,
            capability="milestone.work",
            requires=("partner_end",),
            stamp=service.forecast,
            icon="calendar-clock",
            note="Say why: everybody whose dates follow from this one reads your reason.",
        ),
        Transition(
            name="confirm",
            label="Confirm the dates",
            sources=OPEN,
            capability="milestone.work",
            guards=(of_the_actor, has_a_date, not_confirmed_today),
            stamp=service.confirm,
            reason="The dates stand.",
            icon="calendar-check",
        ),
        Transition(
            name="take",
            label="Take it on",
            sources=OPEN,
            capability="milestone.take",
            guards=(not_owned_by_the_actor,),
            stamp=service.take,
            reason="Taken on.",
            icon="user-check",
        ),
        Transition(
            name="reopen",
            label="Reopen",
            sources=frozenset({Status.DONE}),
            target=Status.IN_PROGRESS,
            capability="milestone.reopen",
            guards=(follows_no_batch,),
            stamp=service.reopen,
            icon="undo-2",
        ),
        Transition(
            name="void",
            label="Void",
            sources=OPEN,
            target=Status.VOID,
            capability="milestone.void",
            guards=(follows_no_batch, no_plan_leads_through_it),
            effect=free_slots_of,
            tone="danger",
            icon="ban",
            note="For a step put on file by mistake. It stays readable with its history.",
        ),
    ),
)
