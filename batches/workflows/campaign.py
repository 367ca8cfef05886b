"""A campaign is planned, runs, and is completed; void only without batches."""

from batches.models import Campaign
from batches.services import campaign as service
from oversight.kernel.workflow.definition import Transition, Workflow

from .guards import without_batches

Status = Campaign.Status
FIELDS = frozenset({"title", "site", "starts_on", "ends_on"})

CAMPAIGN_WORKFLOW = Workflow(
    name="campaign",
    model=Campaign,
    initial=Status.PLANNED,
    opens=FIELDS | {"programme", "cdmo"},
    editable={Status.PLANNED: FIELDS, Status.RUNNING: frozenset({"title", "starts_on", "ends_on"})},
    begin=service.begin,
    transitions=(
        Transition(
            name="start",
            label="Start",
            sources=frozenset({Status.PLANNED}),
            target=Status.RUNNING,
            capability="campaign.run",
            accepts=("starts_on",),
            reason="Started.",
            tone="primary",
            icon="play",
        ),
        Transition(
            name="complete",
            label="Complete",
            sources=frozenset({Status.RUNNING}),
            target=Status.COMPLETED,
            capability="campaign.run",
            accepts=("ends_on",),
            reason="Completed.",
            tone="primary",
            icon="check",
        ),
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.PLANNED, Status.RUNNING}),
            target=Status.VOID,
            capability="campaign.void",
            guards=(without_batches,),
            tone="danger",
            icon="ban",
            note="For a campaign put on file by mistake. It stays readable with its history.",
        ),
    ),
)
