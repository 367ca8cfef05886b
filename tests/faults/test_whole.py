"""What every fault must end in is asked in each of their tests, and finds each kind of damage."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from cdmos.models import CDMO
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change
from tests.cast import World, seal_now
from tests.kernel.trail.test_seals import TABLE, tamper
from tests.notifications.telling import deliver_all

from . import whole
from .whole import assert_whole


def lose_a_record(world: World) -> None:
    tamper(f"DELETE FROM cdmos_cdmo WHERE id = {world.orion.pk}")


def lose_a_version(world: World) -> None:
    tamper(f"DELETE FROM {TABLE} WHERE id = {world.orion.pk}")


def leave_an_event(world: World) -> None:
    with change(by=world.nina, reason="For a story"):
        publish("cdmo.noted", record=world.orion, by=world.nina)


def alter_what_is_sealed(world: World) -> None:
    seal_now()
    tamper(f"UPDATE {TABLE} SET country = 'AT' WHERE id = {world.orion.pk}")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lose_a_record, "acknowledged and not there"),
        (lose_a_version, "disagree: {'cdmos_cdmo': 1}"),
        (leave_an_event, "owed otherwise"),
        (alter_what_is_sealed, "not as it was sealed"),
    ],
)
def test_each_damage_is_found(
    lasting_world: World, settings, tmp_path: Path, monkeypatch, damage: Callable[[World], None], said: str
) -> None:
    monkeypatch.setattr(whole, "PATIENCE", 2)  # nobody works who could still put it right
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    deliver_all(lasting_world)
    orion = CDMO(tenant=lasting_world.acme, pk=lasting_world.orion.pk)
    damage(lasting_world)
    with pytest.raises((AssertionError, CommandError), match=said):
        assert_whole(lasting_world, [orion])


def test_every_fault_ends_in_the_same_four_checks() -> None:
    without, found = [], 0
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for part in ast.parse(path.read_text()).body:
            if isinstance(part, ast.FunctionDef) and part.name.startswith("test_") and path != Path(__file__):
                found += 1
                called = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(part)}
                if "assert_whole" not in called:
                    without.append(f"{path.name}: {part.name}")
    assert (without, found >= 11) == ([], True)
