"""Every way to write, past and through the door."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.utils import timezone

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import OutOfScope, scope
from oversight.kernel.trail.change import UnattributedChange, change
from tests.cast import World, raw
from tests.support.models import Ticket, TicketLink


@pytest.fixture
def ticket(world: World) -> Ticket:
    with change(by=world.nina):
        return Ticket.objects.create(cdmo=world.lyra, site=world.lyra_site, title="Cold room excursion")


def trail(record: Ticket) -> list[tuple[str, str, str]]:
    return list(record.history.order_by("history_id").values_list("history_type", "title", "history_change_reason"))


def ways(world: World, ticket: Ticket) -> dict[str, Callable[[], object]]:
    """Each way of writing an audited table that Django or PostgreSQL offers."""
    new = {"tenant": world.acme, "cdmo": world.lyra}
    return {
        "raw INSERT": lambda: raw(
            "INSERT INTO support_ticket (tenant_id, cdmo_id, title, version) VALUES (%s, %s, 'raw', 1)",
            world.acme.pk,
            world.lyra.pk,
        ),
        "raw UPDATE": lambda: raw("UPDATE support_ticket SET title = 'raw' WHERE id = %s", ticket.pk),
        "save() of a record": lambda: (setattr(ticket, "title", "saved"), ticket.save()),
        "save() of a new one": lambda: Ticket(**new, title="new").save(),
        "update()": lambda: Ticket.objects.filter(pk=ticket.pk).update(title="updated"),
        "bulk_create()": lambda: Ticket.objects.bulk_create([Ticket(**new, title="bulk")]),
        "bulk_update()": lambda: Ticket.objects.bulk_update([Ticket(pk=ticket.pk, title="bulk")], ["title"]),
        "upsert": lambda: Ticket.objects.bulk_create(
            [Ticket(**new, title=ticket.title)], update_conflicts=True, unique_fields=["tenant", "title"],
            update_fields=["site"],
        ),
    }  # fmt: skip


WAYS = (
    "raw INSERT", "raw UPDATE", "save() of a record", "save() of a new one", "update()", "bulk_create()",
    "bulk_update()", "upsert",
)  # fmt: skip


@pytest.mark.requirement("PI041-secure")
@pytest.mark.parametrize("way", WAYS)
def test_within_a_scope_but_outside_a_change_every_write_is_refused(world: World, ticket: Ticket, way: str) -> None:
    before = raw_counts(world)
    with pytest.raises((ProgrammingError, UnattributedChange)), scope(world.nina):
        ways(world, ticket)[way]()
    assert raw_counts(world) == before


@pytest.mark.parametrize("way", WAYS)
def test_outside_a_scope_every_write_is_refused(world: World, ticket: Ticket, way: str) -> None:
    before = raw_counts(world)
    with pytest.raises((DatabaseError, UnattributedChange, OutOfScope)), transaction.atomic():
        ways(world, ticket)[way]()
    assert raw_counts(world) == before


@pytest.mark.requirement("P11-10e", "A11D-trail")
@pytest.mark.parametrize("way", WAYS)
def test_within_a_change_each_write_leaves_its_one_version(world: World, ticket: Ticket, way: str) -> None:
    with change(by=world.nina, reason="Probe replaced"):
        ways(world, ticket)[way]()
    with scope(world.nina):
        latest = Ticket.history.order_by("-history_id").first()
        assert Ticket.history.count() == 2
        assert (latest.history_user_id, latest.history_user_name) == (world.nina.user, "Nina Berg")
        assert (latest.history_role, latest.history_org) == ("qa_director", "Acme Therapeutics")
        assert (latest.history_tz, latest.history_source) == ("Europe/Zurich", "browser")
        assert latest.history_change_reason == "Probe replaced"
        assert latest.history_type == ("+" if "INSERT" in way or "new" in way or way == "bulk_create()" else "~")


def raw_counts(world: World) -> tuple[int, int]:
    with scope(world.nina):
        return Ticket.objects.count(), Ticket.history.count()


@pytest.mark.requirement("P11-10e-retain", "PI041-complete")
def test_a_raw_delete_is_refused_even_within_a_change(world: World, ticket: Ticket) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), change(by=world.nina, reason="Trying"):
        raw("DELETE FROM support_ticket WHERE id = %s", ticket.pk)
    with pytest.raises(TypeError, match="voided with a reason"):
        ticket.delete()


@pytest.mark.requirement("A11-9")
def test_a_creation_needs_no_reason_and_a_change_does(world: World, ticket: Ticket) -> None:
    with scope(world.nina):
        assert trail(ticket) == [("+", "Cold room excursion", "")]
    for reason in ("", "   "):
        with pytest.raises(UnattributedChange, match="needs a reason"), change(by=world.nina, reason=reason):
            ticket.save()
        with pytest.raises(ProgrammingError, match="a change needs a reason"), change(by=world.nina, reason=reason):
            Ticket.objects.update(title="Silently")


def test_an_update_of_nothing_leaves_nothing(world: World, ticket: Ticket) -> None:
    with change(by=world.nina, reason="Nothing new"):
        ticket.save()
        assert Ticket.objects.update(title="Cold room excursion") == 1
        assert len(trail(ticket)) == 1 and ticket.version == 1


def test_the_database_counts_the_versions(world: World, ticket: Ticket) -> None:
    with change(by=world.nina, reason="Renamed"):
        ticket.title = "Second"
        ticket.save()
        assert ticket.version == 2
        Ticket.objects.filter(pk=ticket.pk).update(title="Third", version=77)
        assert list(ticket.history.order_by("history_id").values_list("version", flat=True)) == [1, 2, 3]


def test_a_many_to_many_is_trailed_by_its_through_table(world: World, ticket: Ticket) -> None:
    with change(by=world.nina, reason="Same root cause"):
        other = Ticket.objects.create(cdmo=world.lyra, title="Cold room again")
        ticket.related.add(other, through_defaults={"tenant": world.acme, "cdmo": world.lyra})
        assert list(TicketLink.history.values_list("history_type", "ticket_id", "other_id")) == [
            ("+", ticket.pk, other.pk)
        ]


def test_savepoints_keep_what_was_kept_and_the_outer_reason_returns(world: World, ticket: Ticket) -> None:
    with change(by=world.nina, reason="Outer"):
        with pytest.raises(ZeroDivisionError), change(by=world.nina, reason="Inner, lost"):
            Ticket.objects.update(title="Lost")
            _ = 1 / 0
        with change(by=world.omar, reason="Inner, kept"):
            Ticket.objects.filter(pk=ticket.pk).update(title="Kept")
        with transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(title="Within a plain savepoint")
        Ticket.objects.filter(pk=ticket.pk).update(title="Last")
        assert trail(ticket)[1:] == [
            ("~", "Kept", "Inner, kept"),
            ("~", "Within a plain savepoint", "Outer"),
            ("~", "Last", "Outer"),
        ]
        assert len(set(ticket.history.values_list("history_txid", flat=True))) == 1
        assert [who for (who,) in ticket.history.order_by("history_id").values_list("history_user_name")] == [
            "Nina Berg", "Omar Haddad", "Nina Berg", "Nina Berg",
        ]  # fmt: skip


def test_a_transaction_ends_and_is_forgotten(world: World, ticket: Ticket) -> None:
    with change(by=world.nina, reason="Done"):
        pass
    with pytest.raises(ProgrammingError, match="no tenant in this transaction"), transaction.atomic():
        raw("SELECT * FROM support_ticket")
    with pytest.raises(OutOfScope, match="within a scope"):
        Ticket.objects.count()
    with pytest.raises(OutOfScope, match="within a scope"):
        Ticket.history.count()


def test_one_transaction_acts_for_one_sponsor_and_one_partner(world: World) -> None:
    for other in (world.riva, world.paul, world.connie):
        with pytest.raises(OutOfScope), scope(world.nina), scope(other):
            pass


def test_a_record_keeps_its_key_its_tenant_and_its_cdmo(world: World, ticket: Ticket) -> None:
    for column, value in (("id", 999), ("cdmo_id", world.orion.pk)):
        with pytest.raises(DatabaseError, match="keeps its key"), change(by=world.nina, reason="Moving"):
            Ticket.objects.filter(pk=ticket.pk).update(**{column: value})
    with pytest.raises(DatabaseError), change(by=world.nina, reason="Moving"):
        raw("UPDATE support_ticket SET tenant_id = %s", world.rival.pk)


@pytest.mark.requirement("P11-10e-time", "PI041-contemporaneous")
def test_time_and_source_are_the_loaders_to_tell_and_nobody_elses(world: World, ticket: Ticket) -> None:
    with change(by=world.nina, reason="Backdating"):
        raw("SELECT set_config('app.at', '2020-01-01T00:00:00Z', true)")
        Ticket.objects.update(title="In the past?")
        latest = ticket.history.order_by("-history_id").first()
        assert latest.history_date.year >= 2026 and latest.history_source == "browser"


def test_secrets_and_sign_ins_stay_out_of_the_trail_of_a_person(world: World) -> None:
    versions = "SELECT count(*) FROM trail_historicaluser"
    with scope(world.nina):
        before = raw(versions)
        columns = raw("SELECT column_name FROM information_schema.columns WHERE table_name = 'trail_historicaluser'")
    assert not {("password",), ("last_login",)} & set(columns)
    assert User.objects.filter(pk=world.nina.user).update(last_login=timezone.now(), password="upgraded") == 1
    with scope(world.nina):
        assert raw(versions) == before
    with pytest.raises(ProgrammingError, match="by whom"), transaction.atomic():
        User.objects.filter(pk=world.nina.user).update(email="someone@else.example")


def test_the_suite_runs_as_the_plain_role(db: None) -> None:
    assert connection.settings_dict["USER"] == "app"
    assert raw("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [
        (False, False, False)
    ]


def test_a_version_moves_with_the_history_and_with_nothing_else(world: World, ticket: Ticket) -> None:
    with change(by=world.nina, reason="Counting"):
        stale = Ticket.objects.get(pk=ticket.pk)
        assert stale.version == 1
        Ticket.objects.filter(pk=ticket.pk).update(title="Second")
        Ticket.objects.filter(pk=ticket.pk).update(version=99)
        stale.title = "Second"
        stale.save()  # writes what stands already, with the version it once saw
        assert Ticket.objects.get(pk=ticket.pk).version == 2 == ticket.history.count()
