"""A random walk over one record kind: anybody tries anything, and the declaration says beforehand what comes of it."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.esign import Proof
from oversight.kernel.esign.proving import objection
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import amend, move
from oversight.kernel.workflow.definition import Guard, Transition
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NotAllowed, Refused, Stale, Unchanged
from oversight.roles import EITHER_SIDE, PARTNER_ROLES, SPONSOR_ROLES, Role, roles_with
from tests.cast import PASSWORD, World
from tests.factories import Specimen

from .ground import filled_by_moves

OURS, THEIRS = sorted(SPONSOR_ROLES | EITHER_SIDE), sorted(PARTNER_ROLES | EITHER_SIDE)
OFTEN = {True: Role.CDMO_QA, False: Role.QA_DIRECTOR}
STALE = 999
GOOD, MALFORMED = "done", "ValidationError"


@dataclass
class Walker:
    """Keeps to one kind; `said` counts the outcomes, `illegal` what the declaration did not foresee."""

    kind: RecordKind
    world: World
    chance: random.Random
    body: dict[str, Any]
    said: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    illegal: list[str] = field(default_factory=list)

    def step(self, record: Case) -> None:
        """One try of somebody with one record."""
        actor = self._somebody()
        before = self._look(record.pk, actor)
        record.status = before.status if before else record.status
        after = (self._move if self.chance.random() < 0.75 else self._amend)(record, before, actor)
        record.status = after.status if after else record.status

    def _somebody(self) -> Actor:
        world = self.world
        actor: Actor = self.chance.choice(
            [world.nina, world.omar, world.vera, world.connie, world.paul, world.vito, world.olga, world.riva]
        )
        usual = OFTEN[actor.is_partner]
        return replace(
            actor, role=usual if self.chance.random() < 0.6 else self.chance.choice([OURS, THEIRS][actor.is_partner])
        )

    def _look(self, pk: int, actor: Actor) -> Case | None:
        with scope(actor):
            rows = self.kind.model.objects.visible_to(actor)
            return rows.filter(pk=pk).first()

    def _move(self, record: Case, before: Case | None, actor: Actor) -> Case | None:
        flow, pk = self.kind.workflow, record.pk
        fit = [each for each in flow.transitions if record.status in each.sources]
        pool = fit if fit and self.chance.random() < 0.7 else flow.transitions
        transition = self.chance.choice(pool)
        if transition.tone == "danger" and self.chance.random() < 0.6:  # or nothing lives long enough
            transition = self.chance.choice(pool)
        if (signed := [each for each in fit if each.signed_as]) and self.chance.random() < 0.4:  # much has to be right
            transition = signed[0]
        if (unmade := [each for each in fit if not self.moved[each.name]]) and self.chance.random() < 0.8:
            transition = self.chance.choice(unmade)
        version = STALE if self.chance.random() < 0.05 else before.version if before else 1
        values = {name: self.body[name] for name in transition.fields if self.chance.random() < 0.85}
        reason = "" if self.chance.random() < 0.1 else "As agreed"
        proof = Proof(PASSWORD) if transition.signed_as and self.chance.random() < 0.9 else None
        due = self._due_of_move(transition, before, actor, version)

        def act() -> Case:
            return move(
                self.kind, pk, transition.name, by=actor, version=version, values=values, reason=reason, proof=proof
            )

        after = self._try(act, f"{transition.name} by {actor.name} as {actor.role}", due, pk, actor, before)
        if after is not None and before is not None:
            self.moved[transition.name] += 1
            target = transition.target or before.status
            if after.status != target:
                self.illegal.append(f"{transition.name}: {before.status} → {after.status}, not {target}")
        return after

    def _due_of_move(self, transition: Transition, before: Case | None, actor: Actor, version: int) -> set[str]:
        if before is None:
            return {"DoesNotExist"}
        if Role(actor.role) not in roles_with(transition.capability):
            return {"NotAllowed"}
        if version != before.version:
            return {"Stale"}
        unable = bool(transition.signed_as and objection(actor)) or bool(self.kind.workflow.out_of_hand(before, actor))
        if before.status not in transition.sources or unable or self._refuses(transition.guards, before, actor):
            return {"Refused"}
        return {GOOD, MALFORMED}

    def _amend(self, record: Case, before: Case | None, actor: Actor) -> Case | None:
        flow, pk = self.kind.workflow, record.pk
        sides = flow.partner_editable if actor.is_partner else flow.editable
        known = sorted(frozenset[str]().union(*flow.editable.values(), *flow.partner_editable.values()))
        now = sides.get(before.status, frozenset()) if before else frozenset()
        pool = sorted(now) if now and self.chance.random() < 0.8 else known
        names = self.chance.sample(pool, min(len(pool), 2))
        values = {name: self._other(name) for name in names}
        version = STALE if self.chance.random() < 0.05 else before.version if before else 1
        after = self._try(
            lambda: amend(self.kind, pk, by=actor, version=version, values=values, reason="Corrected"),
            f"amend {names} by {actor.name} as {actor.role}",
            self._due_of_amendment(before, actor, version, names),
            pk, actor, before,
        )  # fmt: skip
        if after is not None and before is not None:
            self.moved["amend"] += 1
            if after.status != before.status:
                self.illegal.append(f"amended from {before.status} to {after.status}")
        return after

    def _due_of_amendment(self, before: Case | None, actor: Actor, version: int, names: list[str]) -> set[str]:
        flow = self.kind.workflow
        sides = flow.partner_editable if actor.is_partner else flow.editable
        if not any(sides.values()) or Role(actor.role) not in roles_with(f"{self.kind.capability}.amend"):
            return {"NotAllowed"}
        if before is None:
            return {"DoesNotExist"}
        if version != before.version:
            return {"Stale"}
        now = sides.get(before.status, frozenset())
        if not now or flow.out_of_hand(before, actor) or self._refuses(flow.amend_guards, before, actor):
            return {"Refused"}
        return {MALFORMED} if set(names) - now else {GOOD, MALFORMED, "Unchanged"}

    def _refuses(self, guards: tuple[Guard, ...], record: Case, actor: Actor) -> bool:
        with scope(actor):
            for guard in guards:
                try:
                    guard(record, actor)
                except Refused:
                    return True
        return False

    def _other(self, name: str) -> Any:
        """A value that the field may well take."""
        model_field = self.kind.field(name)
        if model_field.is_relation:
            return self.body.get(name) if model_field.null else self.body[name]
        if name not in self.body:
            return model_field.get_default()
        if model_field.choices:
            return self.chance.choice([code for code, _ in model_field.flatchoices if code])
        if isinstance(self.body[name], str):
            return f"{self.body[name]} {self.chance.randrange(1000)}"[: model_field.max_length or None]
        return self.body[name]

    def _try(self, act: Any, what: str, due: set[str], pk: int, actor: Actor, before: Case | None) -> Case | None:
        """The record after it was done; None where it was refused, and then it is as it was."""
        outcome = GOOD
        try:
            with scope(actor):
                act()
        except (NotAllowed, Stale, Refused, Unchanged, ValidationError) as refusal:
            outcome = type(refusal).__name__
        except ObjectDoesNotExist:
            outcome = "DoesNotExist"
        self.said[outcome] += 1
        if outcome not in due:
            state = before.status if before else "out of sight"
            self.illegal.append(f"{self.kind.label} {state}: {what} → {outcome}, not {sorted(due)}")
        if before is None:
            return None
        after = self._look(pk, actor)
        assert after is not None
        if outcome == GOOD:
            if after.version <= before.version:
                self.illegal.append(f"{what}: done, but version {after.version} after {before.version}")
            return after
        if _told(after) != _told(before):
            self.illegal.append(f"{what}: refused, but changed")
        return None


def _told(record: Case) -> dict[str, Any]:
    return {each.attname: getattr(record, each.attname) for each in record._meta.concrete_fields}


def values_of(kind: RecordKind, specimen: Specimen, world: World) -> dict[str, Any]:
    """What a person types, as the domain takes it; references as the records that they name."""
    told: dict[str, Any] = filled_by_moves(kind, specimen, world) | specimen.typed(world)
    for name, value in told.items():
        model_field = kind.field(name)
        if model_field.is_relation:
            with scope(world.nina):
                told[name] = kind.targets[name].model.objects.get(pk=int(value))
        else:
            told[name] = value == "on" if value == "on" else model_field.to_python(_zoned(value))
    return told


def _zoned(value: Any) -> Any:
    moment = isinstance(value, str) and len(value) == 16 and value[10] == "T"
    return f"{value}:00+00:00" if moment else value
