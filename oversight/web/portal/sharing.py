"""What is shared with a sponsor, and by it: told from the same declarations by which pages and database decide."""

from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.web.catalogue import KINDS

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Shared:
    """One kind of record of which both sides read the same fields."""

    plural: str
    icon: str
    href: str
    count: str
    fields: tuple[str, ...]
    reported: bool  # the partner, too, puts such records on file


def shared_kinds(actor: Actor) -> list[Shared]:
    """Every kind that partners see, with the fields that they see."""
    return [_shared(kind, actor) for kind in KINDS if kind.partner_sees is not None and kind.may(actor, "view")]


def _shared(kind: RecordKind, actor: Actor) -> Shared:
    number = kind.model.objects.visible_to(actor).order_by()[: MOST_COUNTED + 1].count()
    count = f"more than {MOST_COUNTED:,}" if number > MOST_COUNTED else f"{number:,}"
    sees = kind.partner_sees or frozenset()
    inside = [name for name in kind.fields_for(actor) if name in sees]
    names = [*inside, *sorted(sees - set(inside))]
    fields = tuple(dict.fromkeys(kind.label_of(name) for name in names))
    return Shared(
        kind.plural, kind.icon, address(kind, "list", actor), count, fields, bool(kind.workflow.partner_opens)
    )
