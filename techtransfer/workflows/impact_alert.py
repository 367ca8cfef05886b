"""An alert is raised by the forecast alone, and stays open until somebody whom it concerns has seen it."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import ImpactAlert

Status = ImpactAlert.Status

IMPACT_ALERT_WORKFLOW = Workflow(
    name="impact_alert",
    model=ImpactAlert,
    initial=Status.OPEN,
    opens=frozenset(),
    editable={},
    transitions=(
        Transition(
            name="acknowledge",
            label="Seen",
            sources=frozenset({Status.OPEN}),
            target=Status.SEEN,
            capability="impact_alert.acknowledge",
            reason="Seen.",
            tone="primary",
            icon="check",
        ),
    ),
)
