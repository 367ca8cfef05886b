"""One file for each record kind, named as its workflow: where its records of the cast are, and what a new one takes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.models import Case
from tests.cast import World


@dataclass(frozen=True, slots=True)
class Specimen:
    """What the contract suites must know of one record kind."""

    own: Callable[[World], Case]  # of Lyra at Acme
    sibling: Callable[[World], Case]  # of Orion at Acme
    foreign: Callable[[World], Case]  # at Rival
    typed: Callable[[World], dict[str, str]]  # a new record's form, as a browser sends it
    title: str = "name"  # a required field of text that may be amended
    amends: Callable[[World], dict[str, str]] = field(default=lambda world: {})  # over what was typed, to amend `own`


def specimen_of(kind: RecordKind) -> Specimen:
    """The specimen of `kind`; a kind without its file fails here, and with it every contract suite."""
    specimen: Specimen = import_module(f"tests.factories.{kind.workflow.name}").SPECIMEN
    return specimen
