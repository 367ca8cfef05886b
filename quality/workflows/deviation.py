"""A deviation: reported, investigated, answered by a root cause, closed by a second person; void only before that."""

from oversight.kernel.workflow.definition import Transition, Workflow
from quality.models import Deviation
from quality.services import deviation as service

from .guards import (
    accepted_by_a_second_person,
    as_reported_by_its_own_side,
    closed_by_a_second_person,
    contained,
    no_open_task,
    once,
)

Status = Deviation.Status
TIMES = frozenset({"occurred_at", "aware_at", "notified_at"})
REPORT = frozenset({"title", "description", "site", "batch", "severity", "event_type", "partner_number"}) | TIMES
CLASS = frozenset({"severity", "event_type", "batch"})
WHYS = tuple(f"{word}_{step}" for step in range(1, 6) for word in ("why", "because"))
CAUSE = ("root_cause", "root_cause_category")
ANALYSIS = frozenset({*WHYS, *CAUSE, "second_cause"})
OPEN = frozenset({Status.REPORTED, Status.INVESTIGATION, Status.ANSWERED, Status.ACCEPTED})

# Each action of the containment: its move, the button's words, the field that keeps its time.
TICKS = (
    ("stop-production", "Stop production", "production_stopped_at", "octagon-pause"),
    ("assemble-team", "Assemble the team", "team_assembled_at", "users"),
    ("document-findings", "Document the findings", "findings_documented_at", "file-text"),
    ("pull-records", "Pull SOPs, agreement and records", "records_pulled_at", "folder-open"),
    ("inform-stakeholders", "Inform stakeholders", "stakeholders_informed_at", "send"),
)


def _tick(name: str, label: str, field: str, icon: str) -> Transition:
    words = Deviation.words_of(field)
    return Transition(
        name=name,
        label=label,
        sources=OPEN,
        capability="deviation.contain",
        accepts=(field,),
        guards=(once(field),),
        stamp=service.ticked(field),
        effect=service.contained,
        reason=f"Containment: {words}.",
        icon=icon,
        note="If you leave the time empty, it is now.",
    )


DEVIATION_WORKFLOW = Workflow(
    name="deviation",
    model=Deviation,
    initial=Status.REPORTED,
    opens=REPORT | {"cdmo"},
    partner_opens=REPORT | {"cdmo"},
    editable={
        Status.REPORTED: REPORT,
        Status.INVESTIGATION: REPORT | ANALYSIS,
        Status.ANSWERED: CLASS,
        Status.ACCEPTED: CLASS,
    },
    partner_editable={Status.REPORTED: REPORT, Status.INVESTIGATION: ANALYSIS},
    amend_guards=(as_reported_by_its_own_side,),
    begin=service.begin,
    begun=service.begun,
    amended=service.amended,
    transitions=(
        Transition(
            name="accept-report",
            label="Accept the report",
            sources=frozenset({Status.REPORTED}),
            target=Status.INVESTIGATION,
            capability="deviation.accept-report",
            stamp=service.accept_report,
            effect=service.report_accepted,
            reason="Report accepted for investigation.",
            tone="primary",
            icon="check",
        ),
        *(_tick(*tick) for tick in TICKS),
        Transition(
            name="submit-root-cause",
            label="Send the root cause",
            sources=frozenset({Status.INVESTIGATION}),
            target=Status.ANSWERED,
            capability="deviation.submit-root-cause",
            requires=("why_1", "because_1", *CAUSE),
            accepts=(*WHYS[2:], "second_cause"),
            stamp=service.submit_root_cause,
            effect=service.root_cause_submitted,
            reason="Root cause sent for review.",
            tone="primary",
            icon="send",
            note="Ask why until the answer is something that can be changed. People alone are no root cause.",
        ),
        Transition(
            name="return-root-cause",
            label="Return the root cause",
            sources=frozenset({Status.ANSWERED}),
            target=Status.INVESTIGATION,
            capability="deviation.review-root-cause",
            stamp=service.return_root_cause,
            effect=service.root_cause_returned,
            icon="undo-2",
            note="Say what is missing: the CDMO reads your reason. Each return is counted.",
        ),
        Transition(
            name="accept-root-cause",
            label="Accept the root cause",
            sources=frozenset({Status.ANSWERED}),
            target=Status.ACCEPTED,
            capability="deviation.review-root-cause",
            guards=(accepted_by_a_second_person,),
            stamp=service.accept_root_cause,
            effect=service.root_cause_accepted,
            tone="primary",
            icon="check-check",
        ),
        Transition(
            name="close",
            label="Close",
            sources=frozenset({Status.ACCEPTED}),
            target=Status.CLOSED,
            capability="deviation.close",
            guards=(closed_by_a_second_person, contained, no_open_task),
            stamp=service.close,
            effect=service.over,
            signed_as="I have reviewed this deviation, its containment and its root cause, and approve its closure.",
            tone="primary",
            icon="signature",
        ),
        Transition(
            name="void",
            label="Void",
            sources=OPEN,
            target=Status.VOID,
            capability="deviation.void",
            effect=service.voided,
            tone="danger",
            icon="ban",
            note="For a report made by mistake. It stays readable with its history, and its open tasks end with it.",
        ),
    ),
)
