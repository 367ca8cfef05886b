"""A study is planned until its first patient is in, runs until it is closed, and is voided only before."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Study
from techtransfer.services import study as service

Status = Study.Status
FIELDS = frozenset({"code", "title", "first_patient_in", "planned_first_patient_in", "supply_needed_on"})

STUDY_WORKFLOW = Workflow(
    name="study",
    model=Study,
    initial=Status.PLANNED,
    part_of="programme",
    opens=FIELDS | {"programme"},
    editable={Status.PLANNED: FIELDS, Status.RUNNING: frozenset({"title", "supply_needed_on"})},
    begin=service.begin,
    transitions=(
        Transition(
            name="start",
            label="First patient is in",
            sources=frozenset({Status.PLANNED}),
            target=Status.RUNNING,
            capability="study.start",
            requires=("actual_first_patient_in",),
            stamp=service.start,
            reason="The first patient is in.",
            tone="primary",
            icon="play",
        ),
        Transition(
            name="close",
            label="Close",
            sources=frozenset({Status.RUNNING}),
            target=Status.CLOSED,
            capability="study.start",
            icon="archive",
        ),
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.PLANNED}),
            target=Status.VOID,
            capability="study.void",
            tone="danger",
            icon="ban",
            note="For a study put on file by mistake. It stays readable with its history.",
        ),
    ),
)
