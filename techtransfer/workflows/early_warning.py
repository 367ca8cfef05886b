"""A warning is raised and ended by arithmetic; a person says what is done about it, or sets it aside."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import EarlyWarning
from techtransfer.services import early_warning as service

Status = EarlyWarning.Status

EARLY_WARNING_WORKFLOW = Workflow(
    name="early_warning",
    model=EarlyWarning,
    initial=Status.OPEN,
    opens=frozenset(),
    editable={},
    ends_by_another=frozenset({Status.OVER}),  # the step that ends, or is no longer likely to be late
    transitions=(
        Transition(
            name="respond",
            label="Say what is done",
            sources=frozenset({Status.OPEN}),
            capability="early_warning.respond",
            requires=("response",),
            stamp=service.answered,
            reason="Answered.",
            tone="primary",
            icon="message-square",
            note="It changes no date and no number: it says that somebody has seen to it.",
        ),
        Transition(
            name="set-aside",
            label="Set aside",
            sources=frozenset({Status.OPEN}),
            target=Status.ASIDE,
            capability="early_warning.respond",
            stamp=service.set_aside,
            icon="ban",
            note="If you know better, say why. It comes back when the next check-in says the same.",
        ),
    ),
)
