"""A product stays active until it is voided."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Product

Status = Product.Status
FIELDS = frozenset({"code", "name", "modality", "dosage_form", "description"})

PRODUCT_WORKFLOW = Workflow(
    name="product",
    model=Product,
    initial=Status.ACTIVE,
    opens=FIELDS,
    editable={Status.ACTIVE: FIELDS - {"code"}},  # by its code partners know it, and it stands on their steps
    transitions=(
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE}),
            target=Status.VOID,
            capability="product.void",
            tone="danger",
            icon="ban",
            note="For a product put on file by mistake. It stays readable with its history, and can be chosen no more.",
        ),
    ),
)
