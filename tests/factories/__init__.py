"""One file for each record kind, named as its workflow: where its records of the cast are, and what a new one takes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.models import Case
from oversight.roles import Role
from tests.cast import World


@dataclass(frozen=True, slots=True)
class Specimen:
    """What the contract suites must know of one record kind."""

    own: Callable[[World], Case]  # of Lyra at Acme
    sibling: Callable[[World], Case]  # of Orion at Acme
    foreign: Callable[[World], Case]  # at Rival
    # A new record's form, as a browser sends it; empty where no person puts one on file.
    typed: Callable[[World], dict[str, str]] = field(default=lambda world: {})
    title: str = "name"  # a required field that may be amended
    amends: Callable[[World], dict[str, str]] = field(default=lambda world: {})  # over what was typed, to amend `own`
    edit: Callable[[int], Any] = field(default=lambda number: f"Edit {number}")  # another value of `title`
    # What its moves take, where not any value of the field's type will do: as a program sends it.
    filled: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    # What a record has besides when it is in a state, without which the database refuses the state.
    has_in: Callable[[Any, str, World], dict[str, Any]] = field(default=lambda record, state, world: {})


def planner_of(world: World, sponsor: str = "acme") -> Actor:
    """Who plans at Acme; at Rival, its one person in that role."""
    return world.omar if sponsor == "acme" else replace(world.riva, role=Role.CMC_LEAD)


def specimen_of(kind: RecordKind) -> Specimen:
    """The specimen of `kind`; a kind without its file fails here, and with it every contract suite."""
    specimen: Specimen = import_module(f"tests.factories.{kind.workflow.name}").SPECIMEN
    return specimen
