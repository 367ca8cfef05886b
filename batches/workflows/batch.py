"""A batch: planned, in process, made, its record reviewed; released or rejected by the quality unit's signature."""

from batches.models import Batch
from batches.models.batch import UNDECIDED
from batches.services import batch as service
from oversight.kernel.workflow.definition import Transition, Workflow

from .guards import (
    held_by_a_person,
    held_by_nobody,
    made_of_what_is_released,
    not_on_hold,
    nothing_in_the_way,
    released_by_a_second_person,
)

Status = Batch.Status
PLAN = frozenset({"planned_start", "planned_end"})
PLACE = frozenset({"campaign", "site", "purpose", "scale", "unit", "target_yield"})
STEPS = frozenset({"make_step", "release_step"})
FOUND = frozenset({"partner_number", "actual_yield", "expires_on", "location"})

BATCH_WORKFLOW = Workflow(
    name="batch",
    model=Batch,
    initial=Status.PLANNED,
    part_of="campaign",  # which cannot be voided while a batch of it comes into being
    opens=PLAN | PLACE | STEPS | {"programme", "cdmo", "stage", "replaces", "partner_number", "expires_on", "location"},
    editable={
        Status.PLANNED: PLAN | PLACE | STEPS | FOUND - {"actual_yield"},
        Status.IN_PROCESS: PLAN | PLACE - {"site"} | STEPS | FOUND | {"started_on"},
        Status.MADE: FOUND | {"release_step", "started_on", "made_on", "target_yield"},
        Status.UNDER_REVIEW: FOUND | {"release_step", "started_on", "made_on", "record_sent_on", "target_yield"},
        Status.RELEASED: frozenset({"expires_on", "location"}),
        Status.REJECTED: frozenset({"location"}),
    },
    partner_editable={
        Status.PLANNED: PLAN | {"partner_number", "expires_on", "location"},
        Status.IN_PROCESS: PLAN | FOUND,
        Status.MADE: FOUND,
        Status.UNDER_REVIEW: frozenset({"location"}),  # on the record that it sent, the sponsor decides
        Status.RELEASED: frozenset({"location"}),
        Status.REJECTED: frozenset({"location"}),
    },
    begin=service.begin,
    amended=service.amended,
    transitions=(
        Transition(
            name="start",
            label="Start",
            sources=frozenset({Status.PLANNED}),
            target=Status.IN_PROCESS,
            capability="batch.make",
            accepts=("started_on",),
            guards=(not_on_hold,),
            stamp=service.begin_making,
            reason="Started.",
            tone="primary",
            icon="play",
            note="If you leave the day empty, it is today at the site.",
        ),
        Transition(
            name="made",
            label="Made",
            sources=frozenset({Status.IN_PROCESS}),
            target=Status.MADE,
            capability="batch.make",
            accepts=("made_on", "actual_yield", "expires_on"),
            stamp=service.make,
            effect=service.made,
            reason="Made.",
            tone="primary",
            icon="check",
            note="If you leave the day empty, it is today at the site.",
        ),
        Transition(
            name="send-record",
            label="Send the record",
            sources=frozenset({Status.MADE}),
            target=Status.UNDER_REVIEW,
            capability="batch.send-record",
            accepts=("record_sent_on", "actual_yield", "expires_on"),
            stamp=service.send_record,
            effect=service.record_sent,
            reason="Batch record sent for review.",
            tone="primary",
            icon="send",
            note="Attach the record to the batch first. If you leave the day empty, it is today at the site.",
        ),
        Transition(
            name="release",
            label="Release",
            sources=frozenset({Status.UNDER_REVIEW}),
            target=Status.RELEASED,
            capability="batch.release",
            guards=(not_on_hold, nothing_in_the_way, made_of_what_is_released, released_by_a_second_person),
            stamp=service.decide,
            effect=service.released,
            signed_as="I have reviewed the batch record and every event on this batch, and release it for its purpose.",
            tone="primary",
            icon="signature",
        ),
        Transition(
            name="reject",
            label="Reject",
            sources=frozenset({Status.IN_PROCESS, Status.MADE, Status.UNDER_REVIEW}),
            target=Status.REJECTED,
            capability="batch.release",
            stamp=service.decide,
            effect=service.rejected,
            signed_as="I have reviewed what is known of this batch, and reject it.",
            tone="danger",
            icon="x",
            note="It cannot be taken back. A batch that is made in its place names this one.",
        ),
        Transition(
            name="hold",
            label="Hold",
            sources=frozenset(UNDECIDED),
            capability="batch.hold",
            guards=(held_by_nobody,),
            effect=service.hold,
            icon="octagon-pause",
            note="The CDMO reads your reason. It cannot be released until the hold is lifted.",
        ),
        Transition(
            name="lift-hold",
            label="Lift the hold",
            sources=frozenset(UNDECIDED),
            capability="batch.hold",
            guards=(held_by_a_person,),
            effect=service.lift_hold,
            icon="play",
            note="It lifts the hold that the quality unit set. What a deviation holds ends with the deviation.",
        ),
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.PLANNED}),
            target=Status.VOID,
            capability="batch.void",
            effect=service.voided,
            tone="danger",
            icon="ban",
            note="For a batch put on file by mistake. It stays readable with its history.",
        ),
    ),
)
