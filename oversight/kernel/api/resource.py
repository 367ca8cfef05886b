"""What the API needs of one record kind, made once when the addresses are built."""

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.models import Case

from .bodies import amending, creating, moving
from .parameters import filters_of
from .shapes import record_of
from .writer import Writer, readable

SIDES = (False, True)  # the sponsor's own staff, a partner


class Resource:
    """A kind with its writers, filters and bodies, for either side."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind
        self.writers = {partner: Writer(kind, readable(kind, partner=partner, narrowed=partner)) for partner in SIDES}
        self.narrowed = Writer(kind, readable(kind, narrowed=True))
        self.filters = {partner: filters_of(kind, partner=partner) for partner in SIDES}
        self.new = {partner: creating(kind, partner=partner) for partner in SIDES}
        self.shape = record_of(kind)
        self.amendment = amending(kind)
        self.moves = {move.name: moving(kind, move) for move in kind.workflow.transitions}

    def writer_for(self, actor: Actor) -> Writer:
        """Who writes records as the actor may read them."""
        return self.narrowed if actor.grants is not None else self.writers[actor.is_partner]

    def write(self, record: Case, actor: Actor) -> str:
        """The record as JSON, as the actor may read it."""
        return self.writer_for(actor).write(record, actor)

    def etag(self, record: Case, actor: Actor) -> str:
        """Names one version of one record as one side reads it."""
        side = "partner" if actor.is_partner else "sponsor" if actor.grants is None else "some"
        return f'"{self.kind.slug}-{record.pk}-{record.version}-{side}"'
