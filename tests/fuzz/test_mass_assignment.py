"""Nobody writes what was not declared, by any body, on either side; nor refers to what is out of sight."""

from typing import Any

import pytest

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.api.bodies import NO_SUCH_FIELD
from oversight.kernel.api.fields import NO_SUCH_RECORD
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.writing import NOT_YOURS
from tests.api.calling import NEVER, Caller
from tests.cast import World
from tests.contract.specimens import EACH_KIND, NAMES, Specimen, held_by_cdmo, in_portal
from tests.contract.test_workflow import put_in_state

from .ground import another_ready, filled_by_moves, json_body, some

SHAPES = {"pk", "tenant_id", "history", "transitions", "created_at", "updated_at", "role", "__class__"}
WORDS = {"reason", "password", "otp"}
BY_NAME = ([NO_SUCH_FIELD], [NOT_YOURS])


def forbidden(kind: RecordKind, allowed: set[str], good: dict[str, Any]) -> dict[str, Any]:
    """Every column that the body was not to hold, as name and as column, with a value that it would take."""
    names = {name for each in kind.model._meta.concrete_fields for name in (each.name, each.attname)}
    empty = {each.name: None for each in kind.model._meta.concrete_fields if each.is_relation and each.null}
    known = dict.fromkeys(names | SHAPES, 1) | empty | good
    return {name: known[name] for name in sorted((names | SHAPES) - allowed - WORDS)}


def told(record: Case, world: World) -> tuple[dict[str, Any], int]:
    by = world.riva if record.tenant_id == world.rival.pk else world.nina
    with scope(by):
        fresh = type(record).objects.filter(pk=record.pk).values().get()
        return fresh, type(record).history.count()


def refused_by_name(answer: Any, names: dict[str, Any]) -> None:
    assert answer.status_code == 422, answer.content
    errors = answer.json()["errors"]
    assert {name: errors.get(name) for name in names if errors.get(name) not in BY_NAME} == {}


@pytest.mark.requirement("ASVS-5.1.2")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
@pytest.mark.parametrize("who", ["nina", "omar", "paul"])
def test_no_undeclared_column_is_written_by_create_or_amend(
    world: World, kind: RecordKind, specimen: Specimen, who: str
) -> None:
    actor: Actor = getattr(world, who)
    flow, record, caller = kind.workflow, specimen.own(world), Caller(getattr(world, who))
    amended = {name for names in flow.editable.values() for name in names if not kind.field(name).is_relation}
    body = {name: some(kind.field(name)) for name in sorted(amended)}
    body |= filled_by_moves(kind, specimen, world) | json_body(kind, specimen.typed(world))
    if kind.may_write(actor, "create"):
        opens = flow.openable(actor)
        names, before = forbidden(kind, set(opens), body), told(record, world)
        good = {name: value for name, value in body.items() if name in opens}
        refused_by_name(caller.post(f"{kind.slug}/", good | names), names)
        assert told(record, world) == before
    if kind.may_write(actor, "amend"):
        where = f"{kind.slug}/{record.pk}/"
        for state in flow.states:
            put_in_state(record, state, world)
            with scope(actor):
                now = flow.amendable(kind.model.objects.get(pk=record.pk), actor)
            if not now:
                continue
            names, before = forbidden(kind, set(now), body), told(record, world)
            answer = caller.patch(where, {"reason": "Because"} | names, If_Match=caller.tag(where))
            refused_by_name(answer, names)
            assert told(record, world) == before


@pytest.mark.requirement("ASVS-5.1.2")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_no_undeclared_column_is_written_by_a_move(world: World, kind: RecordKind, specimen: Specimen) -> None:
    record, flow, tried = specimen.own(world), kind.workflow, set()
    ready = another_ready(kind, specimen, world)
    for actor in (world.nina, world.omar, world.paul):
        if actor.is_partner and not in_portal(kind):
            continue
        caller = Caller(actor)
        for each in (record, ready):
            where = f"{kind.slug}/{each.pk}/"
            for move in flow.transitions:
                if each is record:
                    put_in_state(record, sorted(move.sources)[0], world)
                offered = {offer["name"]: offer["allowed"] for offer in caller.get(where).json().get("transitions", ())}
                if not offered.get(move.name):
                    continue
                names, before = forbidden(kind, set(move.fields), {}), told(each, world)
                fit = filled_by_moves(kind, specimen, world)
                filled = {name: value for name, value in fit.items() if name in move.fields}
                body = filled | ({"reason": "Because"} | names)
                refused_by_name(caller.move(where, move.name, body), names)
                assert told(each, world) == before
                tried.add(move.name)
    assert tried == {move.name for move in flow.transitions}


@pytest.mark.requirement("ASVS-4.2.1")
@pytest.mark.parametrize(
    ("kind", "specimen"), [pair for pair in EACH_KIND if pair[0].targets and pair[0].workflow.opens]
)
@pytest.mark.parametrize(
    ("who", "hidden"), [("omar", ["foreign"]), ("connie", ["foreign", "sibling"]), ("paul", ["foreign", "sibling"])]
)
def test_what_is_out_of_sight_is_referred_to_by_nobody(
    world: World, kind: RecordKind, specimen: Specimen, who: str, hidden: list[str]
) -> None:
    actor: Actor = getattr(world, who)
    flow, caller, record = kind.workflow, Caller(getattr(world, who)), specimen.own(world)
    specimens = {each.slug: found for each, found in EACH_KIND}
    body = json_body(kind, specimen.typed(world))
    before, where = told(record, world), f"{kind.slug}/{record.pk}/"
    with scope(actor):
        amends = flow.amendable(record, actor)
    for name, target in kind.targets.items():
        for whose in hidden:
            if whose != "foreign" and not held_by_cdmo(target):
                continue  # the sponsor's own is in the sight of its whole staff
            other = getattr(specimens[target.slug], whose)(world)
            if kind.may_write(actor, "create") and name in flow.openable(actor):
                good = {key: value for key, value in body.items() if key in flow.openable(actor)}
                foreign = caller.post(f"{kind.slug}/", good | {name: other.pk})
                never = caller.post(f"{kind.slug}/", good | {name: NEVER})
                assert (foreign.status_code, foreign.content) == (422, never.content)
                assert foreign.json()["errors"][name] == [NO_SUCH_RECORD]
            if kind.may_write(actor, "amend") and name in amends:
                tag, said = caller.tag(where), {"reason": "Because"}
                foreign = caller.patch(where, said | {name: other.pk}, If_Match=tag)
                never = caller.patch(where, said | {name: NEVER}, If_Match=tag)
                assert (foreign.status_code, foreign.content) == (422, never.content)
                assert foreign.json()["errors"][name] == [NO_SUCH_RECORD]
    assert told(record, world)[0] == before[0]
