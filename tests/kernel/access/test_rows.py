"""Walls around what is append-only, what is shared row by row, and what is no record at all."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import acting_as, connection_as
from oversight.kernel.trail.change import change
from oversight.kernel.trail.checks import guards_stand
from tests.cast import World, raw
from tests.support.models import Jotting, Receipt


def test_a_partner_sees_of_its_own_rows_those_that_are_shared(world: World) -> None:
    with change(by=world.nina):
        for title, cdmo, shared in (("A", world.lyra, True), ("B", world.lyra, False), ("C", world.orion, True)):
            Receipt.objects.create(title=title, cdmo=cdmo, shared=shared)
    for actor, sees in ((world.nina, "ABC"), (world.connie, "AB"), (world.paul, "A"), (world.olga, "C")):
        with scope(actor):
            assert "".join(sorted(Receipt.objects.values_list("title", flat=True))) == sees, actor.name
            assert "".join(sorted(Receipt.history.values_list("title", flat=True))) == sees, actor.name
            rows = Receipt.objects.visible_to(actor).order_by("title")
            assert "".join(rows.values_list("title", flat=True)) == sees


def test_an_append_only_record_is_changed_by_nobody(world: World) -> None:
    with change(by=world.nina, reason="Because"):
        receipt = Receipt.objects.create(title="A", cdmo=world.lyra, shared=True)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Receipt.objects.filter(pk=receipt.pk).update(title="B")
        assert raw("SELECT title, version FROM support_receipt") == [("A", 1)]


def test_not_even_the_owner_changes_an_append_only_record(lasting_world: World) -> None:
    with change(by=lasting_world.nina):
        Receipt.objects.create(title="A", cdmo=lasting_world.lyra, shared=True)
    for sql in ("UPDATE support_receipt SET title = 'B'", "DELETE FROM support_receipt"):
        with connection_as("owner") as connection, connection.cursor() as cursor:
            cursor.execute("SET app.migrating = 'on'")
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute(sql)


def test_a_row_that_is_no_record_stays_behind_both_walls(world: World) -> None:
    for actor, cdmo in ((world.nina, world.lyra), (world.nina, world.orion)):
        with scope(actor):
            Jotting.objects.create(cdmo=cdmo, text=cdmo.name)
    for actor, sees in ((world.nina, 2), (world.connie, 1), (world.paul, 1), (world.riva, 0)):
        with scope(actor):
            assert raw("SELECT count(*) FROM support_jotting") == [(sees,)], actor.name
            assert Jotting.objects.visible_to(actor).count() == sees


def test_such_a_row_cannot_point_at_another_sponsors_record(world: World) -> None:
    with scope(world.nina), pytest.raises(DatabaseError, match="_tenant"), transaction.atomic():
        Jotting.objects.create(cdmo=world.foreign, text="x")
        raw("SET CONSTRAINTS ALL IMMEDIATE")


def test_walls_that_were_bent_are_found_and_mended(lasting_world: World) -> None:
    with connection_as("superuser") as connection, connection.cursor() as cursor:
        cursor.execute("SET event_triggers = off; ALTER POLICY partner ON support_jotting USING (true)")
    assert {error.id for error in guards_stand(databases=["default"])} == {"trail.E004"}
    with acting_as("owner"):
        call_command("migrate", verbosity=0)
    assert guards_stand(databases=["default"]) == []
