"""A workflow, written once: it decides buttons, checks, forms, API bodies, documents and tests."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from oversight.kernel.access.scope import Actor
from oversight.kernel.esign.proving import objection
from oversight.kernel.trail.about import cdmo_of

from .models import Case
from .refusals import Refused

OF_ALL = "This record belongs to no CDMO of yours. Ask somebody of the sponsor's who sees all of them."

Guard = Callable[..., None]  # (record, actor); raises Refused with a sentence the person can act on
Stamp = Callable[..., None]  # (record, actor): sets what the move itself says, before the record is saved
Effect = Callable[..., None]  # (record, actor, reason): what else happens in the same transaction
Amended = Callable[..., None]  # (record, actor, columns): the same, after an amendment of these columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One declared move. `target` None: the record stays in its state, and only says that something was done."""

    name: str  # in kebab-case: it stands in URLs
    label: str
    sources: frozenset[str]
    capability: str
    target: str | None = None
    requires: tuple[str, ...] = ()  # fields that must be filled by this move, or before
    accepts: tuple[str, ...] = ()  # fields that may be filled by this move
    guards: tuple[Guard, ...] = ()
    stamp: Stamp | None = None
    before: Effect | None = None  # writes to other records what has to stand there before the record itself is saved
    effect: Effect | None = None
    signed_as: str = ""  # the meaning of the signature (21 CFR 11.50); empty: not signed
    reason: str = ""  # what the trail says when the move explains itself; empty: the person is asked
    tone: str = "default"  # of the button: primary, default, danger
    icon: str = "arrow-right"
    note: str = ""  # one sentence on the page that asks for it

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the move takes, required ones first."""
        return self.requires + self.accepts

    @property
    def asks(self) -> bool:
        """Whether a person has anything to say before it is done."""
        return bool(self.fields or self.signed_as or not self.reason)


@dataclass(frozen=True, slots=True)
class Move:
    """A transition as it stands for one record and one actor."""

    transition: Transition
    unmet: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.unmet


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """The life of one record type: how it begins, how it moves, and what may be amended when, by which side."""

    name: str
    model: type[Case]
    initial: str
    transitions: tuple[Transition, ...]
    opens: frozenset[str]  # the fields of a new record
    editable: Mapping[str, frozenset[str]]
    partner_opens: frozenset[str] = frozenset()
    partner_editable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    amend_guards: tuple[Guard, ...] = ()
    # The foreign key to the record that counts these and may end them. It is locked before each of them, so that who
    # writes the whole and who writes a part wait for each other, always in this order.
    part_of: str = ""
    ends_by_another: frozenset[str] = frozenset()  # states in which the move of another record leaves this one
    begin: Stamp | None = None  # fills what a new record takes from its actor
    begun: Effect | None = None
    amended: Amended | None = None

    def __post_init__(self) -> None:
        states, known = set(self.states), {each.name for each in self.model._meta.concrete_fields}
        for move in self.transitions:
            for what, unknown in (
                ("states", {*move.sources, move.target or self.initial} - states),
                ("fields", set(move.fields) - known),
            ):
                if unknown:
                    raise TypeError(f"{self.name}.{move.name} names unknown {what}: {', '.join(sorted(unknown))}")
        if len({move.name for move in self.transitions}) < len(self.transitions):
            raise TypeError(f"{self.name} names a transition twice")

    @property
    def states(self) -> dict[str, str]:
        """Every status with its words, in the order of declaration."""
        return {str(value): str(words) for value, words in self.model._meta.get_field("status").flatchoices}

    @property
    def final(self) -> frozenset[str]:
        """The states that no move to another state leaves."""
        left = {source for move in self.transitions if move.target for source in move.sources}
        return frozenset(self.states) - left

    def transition(self, name: str) -> Transition:
        """The transition of that name; raises KeyError for one that was never declared."""
        for move in self.transitions:
            if move.name == name:
                return move
        raise KeyError(name)

    def moves(self, record: Case, actor: Actor) -> tuple[Move, ...]:
        """What the actor's role may do from the present state, each with what is still unmet."""
        return tuple(
            Move(move, self.unmet(move, record, actor))
            for move in self.transitions
            if record.status in move.sources and actor.can(move.capability)
        )

    def unmet(self, move: Transition, record: Case, actor: Actor) -> tuple[str, ...]:
        """The sentences of all guards that refuse; empty when the move can be made now."""
        sentences = self.out_of_hand(record, actor)
        if move.signed_as and (sentence := objection(actor)):
            sentences.append(sentence)
        for guard in move.guards:
            try:
                guard(record, actor)
            except Refused as refusal:
                sentences += refusal.sentences
        return tuple(sentences)

    def out_of_hand(self, record: Case, actor: Actor) -> list[str]:
        """Why who sees some CDMOs alone writes nothing here: the record is the whole sponsor's."""
        return [] if actor.cdmos is None or cdmo_of(record) in actor.cdmos else [OF_ALL]

    def out_of_turn(self, move: Transition, record: Case) -> str:
        """Why the move cannot be made from the present state, in words."""
        words = self.states
        sources = _listed(words[state] for state in words if state in move.sources)
        return f"“{move.label}” is for a record that is {sources}; this one is {words[record.status]}."

    def amendable(self, record: Case, actor: Actor) -> frozenset[str]:
        """The fields that the actor's side may amend in the present state; nobody lets go of what they do not see."""
        fields = (self.partner_editable if actor.is_partner else self.editable).get(record.status, frozenset())
        return fields - record.beyond(actor) if actor.cdmos is not None and record.BEYOND else fields

    def openable(self, actor: Actor) -> frozenset[str]:
        """The fields that the actor's side gives to a new record; none: this side opens none."""
        return self.partner_opens if actor.is_partner else self.opens


def _listed(words: Iterator[str]) -> str:
    *most, last = list(words)
    return f"{', '.join(most)} or {last}" if most else last
