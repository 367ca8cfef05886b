"""A site stays active until it is voided."""

from cdmos.models import Site
from oversight.kernel.workflow.definition import Transition, Workflow

Status = Site.Status
FIELDS = frozenset({"cdmo", "name", "address", "city", "country", "time_zone", "fei_number", "working_week"})

SITE_WORKFLOW = Workflow(
    name="site",
    model=Site,
    initial=Status.ACTIVE,
    part_of="cdmo",  # which cannot be voided while a site of it comes into being
    opens=FIELDS,
    editable={Status.ACTIVE: FIELDS - {"cdmo"}},
    transitions=(
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE}),
            target=Status.VOID,
            capability="site.void",
            tone="danger",
            icon="ban",
            note="For a site put on file by mistake. It stays readable with its history, and can be chosen no more.",
        ),
    ),
)
