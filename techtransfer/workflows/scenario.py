"""A scenario is kept until it is adopted, dropped, or its time is over; it never changes the plan by being kept."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Scenario
from techtransfer.services import scenario as service

from .guards import decided_by_a_person, of_what_can_be_planned

Status = Scenario.Status
AFTER = frozenset({"title", "shared", "expires_on"})

SCENARIO_WORKFLOW = Workflow(
    name="scenario",
    model=Scenario,
    initial=Status.KEPT,
    part_of="programme",
    opens=AFTER | {"programme", "suppositions"},
    editable={Status.KEPT: AFTER},
    begin=service.begin,
    amended=service.amended,
    ends_by_another=frozenset({Status.EXPIRED}),  # the task that ends what was kept long enough
    transitions=(
        Transition(
            name="adopt",
            label="Adopt",
            sources=frozenset({Status.KEPT}),
            target=Status.ADOPTED,
            capability="scenario.adopt",
            guards=(decided_by_a_person, of_what_can_be_planned),
            effect=service.adopt,
            tone="primary",
            icon="check",
            note="The steps that it names are amended, each with your reason and this scenario's number.",
        ),
        Transition(
            name="drop",
            label="Drop",
            sources=frozenset({Status.KEPT}),
            target=Status.DROPPED,
            capability="scenario.drop",
            reason="Not pursued.",
            icon="trash-2",
            note="It stays readable with its history.",
        ),
    ),
)
