"""A response task: open until its side has done it, or the sponsor says that it is not needed."""

from oversight.kernel.workflow.definition import Transition, Workflow
from quality.models import ResponseTask
from quality.services import response_task as service

from .guards import by_its_own_side, not_taken_by_the_actor

Status = ResponseTask.Status
OPEN = frozenset({Status.OPEN})

RESPONSE_TASK_WORKFLOW = Workflow(
    name="response_task",
    model=ResponseTask,
    initial=Status.OPEN,
    part_of="deviation",
    opens=frozenset({"deviation", "title", "side"}),
    editable={Status.OPEN: frozenset({"title"})},
    begin=service.begin,
    begun=service.begun,
    transitions=(
        Transition(
            name="take",
            label="Take it on",
            sources=OPEN,
            capability="task.take",
            guards=(by_its_own_side, not_taken_by_the_actor),
            stamp=service.take,
            reason="Taken on.",
            icon="user-check",
        ),
        Transition(
            name="finish",
            label="Mark as done",
            sources=OPEN,
            target=Status.DONE,
            capability="task.finish",
            requires=("note",),
            guards=(by_its_own_side,),
            stamp=service.finish,
            effect=service.finished,
            reason="Done.",
            tone="primary",
            icon="check",
        ),
        Transition(
            name="not-needed",
            label="Not needed",
            sources=OPEN,
            target=Status.NOT_NEEDED,
            capability="task.waive",
            stamp=service.waive,
            effect=service.waived,
            icon="circle-slash",
            note="Say why the response can do without it.",
        ),
    ),
)
