"""Every workflow, walked from its declaration: what was not declared is refused, and changes nothing."""

from dataclasses import replace

import pytest

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NotAllowed, Refused, Stale
from oversight.kernel.workflow.writing import perform
from oversight.roles import PARTNER_ROLES, Role, roles_with
from tests.cast import World, system

from .specimens import EACH_KIND, NAMES, Specimen, in_portal

HAS_IN = {kind.model: specimen.has_in for kind, specimen in EACH_KIND}


def everybody(world: World) -> list[Actor]:
    """One actor for each role, on the side on which the role stands; programs on both."""
    own = [replace(world.nina, role=role) for role in Role if role not in PARTNER_ROLES]
    partners = [replace(world.paul, role=role) for role in (*PARTNER_ROLES, Role.API_CLIENT)]
    return own + partners


def put_in_state(record: Case, state: str, world: World) -> None:
    """As no person could: past the workflow, with what the state cannot be without."""
    besides = HAS_IN[type(record)](record, state, world)
    with change(by=system(world.acme), reason="Put there by the test"):
        type(record).objects.filter(pk=record.pk).update(status=state, **besides)
    for name, value in besides.items():
        setattr(record, name, value)


def traces(record: Case, world: World) -> tuple[int, int]:
    with scope(world.nina):
        return type(record).history.count(), Event.objects.visible_to(world.nina).count()


@pytest.mark.requirement("P11-10f", "ASVS-11.1.1")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_what_is_not_declared_is_refused_and_changes_nothing(
    world: World, kind: RecordKind, specimen: Specimen
) -> None:
    record, flow = specimen.own(world), kind.workflow
    walked = 0
    for state in flow.states:
        put_in_state(record, state, world)
        before = traces(record, world)
        for actor in everybody(world):
            for move in flow.transitions:
                may = Role(actor.role) in roles_with(move.capability)
                if may and state in move.sources:
                    continue
                blind = actor.is_partner and not in_portal(kind)
                with scope(actor), pytest.raises(kind.model.DoesNotExist if blind else Refused if may else NotAllowed):
                    perform(flow, move.name, record.pk, by=actor, reason="Because")
                walked += 1
        assert traces(record, world) == before, state
        with scope(world.nina):
            assert kind.model.objects.get(pk=record.pk).status == state
    assert walked > 0


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_what_is_offered_is_what_is_declared(world: World, kind: RecordKind, specimen: Specimen) -> None:
    record, flow = specimen.own(world), kind.workflow
    for state in flow.states:
        put_in_state(record, state, world)
        for actor in everybody(world):
            if actor.is_partner and not in_portal(kind):
                with scope(actor):
                    assert not kind.model.objects.filter(pk=record.pk).exists()
                continue
            with scope(actor):
                present = kind.model.objects.get(pk=record.pk)
                offered = [move.transition.name for move in flow.moves(present, actor)]
                declared = [
                    move.name
                    for move in flow.transitions
                    if state in move.sources and Role(actor.role) in roles_with(move.capability)
                ]
                assert offered == declared, (state, actor.role)


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_a_stale_version_moves_nothing(world: World, kind: RecordKind, specimen: Specimen) -> None:
    record, flow = specimen.own(world), kind.workflow
    for move in flow.transitions:
        put_in_state(record, sorted(move.sources)[0], world)
        before = traces(record, world)
        role = next(role for role in Role if role in roles_with(move.capability))
        actor = replace(world.paul if role in PARTNER_ROLES else world.nina, role=role)
        with scope(actor), pytest.raises(Stale):
            perform(flow, move.name, record.pk, by=actor, reason="Because", version=999)
        assert traces(record, world) == before


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_a_record_out_of_sight_is_not_there_to_be_moved(world: World, kind: RecordKind, specimen: Specimen) -> None:
    record, flow = specimen.own(world), kind.workflow
    for actor in (world.olga, world.riva, world.petra):
        for move in flow.transitions:
            with scope(actor), pytest.raises(kind.model.DoesNotExist):
                perform(flow, move.name, record.pk, by=actor, reason="Because")


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_every_state_is_reached_by_a_declared_move(kind: RecordKind, specimen: Specimen) -> None:
    reached = {kind.workflow.initial} | {str(move.target) for move in kind.workflow.transitions if move.target}
    assert reached | kind.workflow.ends_by_another == set(kind.workflow.states)
    assert not reached & kind.workflow.ends_by_another
    assert set(kind.workflow.editable) | set(kind.workflow.partner_editable) <= set(kind.workflow.states)
