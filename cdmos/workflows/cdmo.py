"""A CDMO stays active until it is voided, which needs its sites to be voided first."""

from cdmos.models import CDMO
from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.definition import Transition, Workflow
from oversight.kernel.workflow.refusals import Refused

Status = CDMO.Status
FIELDS = frozenset({"name", "legal_name", "country", "website", "outsourcing_model", *CDMO.TYPES, "notes"})


def no_active_site(record: CDMO, actor: Actor) -> None:
    """Sites would be left without their company."""
    if any(site.status != "VOID" for site in record.sites.all()):
        raise Refused("It has active sites: void them first.")


CDMO_WORKFLOW = Workflow(
    name="cdmo",
    model=CDMO,
    initial=Status.ACTIVE,
    opens=FIELDS,
    editable={Status.ACTIVE: FIELDS},
    transitions=(
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE}),
            target=Status.VOID,
            capability="cdmo.void",
            guards=(no_active_site,),
            tone="danger",
            icon="ban",
            note="For a company put on file by mistake. It stays readable with its history, and can be chosen no more.",
        ),
    ),
)
