"""An edge of the genealogy stands until it is voided; another quantity amends it."""

from batches.models import GenealogyEdge
from batches.services import genealogy as service
from oversight.kernel.workflow.definition import Transition, Workflow

Status = GenealogyEdge.Status
FIELDS = frozenset({"quantity", "unit", "used_on"})

GENEALOGY_WORKFLOW = Workflow(
    name="genealogy",
    model=GenealogyEdge,
    initial=Status.ACTIVE,
    part_of="source",
    opens=FIELDS | {"source", "made_into"},
    editable={Status.ACTIVE: FIELDS},
    begun=service.begun,
    amended=service.amended,
    transitions=(
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE}),
            target=Status.VOID,
            capability="genealogy.void",
            tone="danger",
            icon="ban",
            note="For an edge put on file by mistake. It stays readable with its history.",
        ),
    ),
)
