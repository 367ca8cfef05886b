"""Both walls: `visible_to`, and behind it the database, on a table of each shape."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, ProgrammingError, connection, transaction

from cdmos.models import CDMO, Site
from oversight.kernel.access.models import Grant, Membership, Share, Sponsor
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.trail.change import change
from tests.cast import World, raw
from tests.support.models import Bulletin, Memo, Ticket


@pytest.fixture
def filled(world: World) -> World:
    """A row of each shape at each pair."""
    for actor, cdmos in ((world.nina, (world.lyra, world.orion)), (world.riva, (world.foreign,))):
        with change(by=actor):
            Memo.objects.create(title=f"Memo of {actor.sponsor}")
            for cdmo in cdmos:
                Ticket.objects.create(cdmo=cdmo, title=f"Ticket of {cdmo.name} at {actor.sponsor}")
                bulletin = Bulletin.objects.create(title=f"Bulletin for {cdmo.name} at {actor.sponsor}")
                Share.objects.create(cdmo_id=cdmo.pk, kind="support_bulletin", record_id=bulletin.pk)
    return world


SEEN = {
    "nina": {
        Memo: {"Memo of acme"},
        Ticket: {"Ticket of Lyra Biologics at acme", "Ticket of Orion Fill at acme"},
        Bulletin: {"Bulletin for Lyra Biologics at acme", "Bulletin for Orion Fill at acme"},
        CDMO: {"Lyra Biologics", "Orion Fill"},
        Site: {"Lyra Basel", "Orion Graz"},
    },
    "connie": {
        Memo: {"Memo of acme"},
        Ticket: {"Ticket of Lyra Biologics at acme"},
        Bulletin: {"Bulletin for Lyra Biologics at acme", "Bulletin for Orion Fill at acme"},
        CDMO: {"Lyra Biologics"},
        Site: {"Lyra Basel"},
    },
    "paul": {
        Memo: set(),
        Ticket: {"Ticket of Lyra Biologics at acme"},
        Bulletin: {"Bulletin for Lyra Biologics at acme"},
        CDMO: {"Lyra Biologics"},
        Site: {"Lyra Basel"},
    },
    "olga": {
        Memo: set(),
        Ticket: {"Ticket of Orion Fill at acme"},
        Bulletin: {"Bulletin for Orion Fill at acme"},
        CDMO: {"Orion Fill"},
        Site: {"Orion Graz"},
    },
    "riva": {
        Memo: {"Memo of rival"},
        Ticket: {"Ticket of Lyra Biologics at rival"},
        Bulletin: {"Bulletin for Lyra Biologics at rival"},
        CDMO: {"Lyra Biologics"},
        Site: {"Rival's Basel"},
    },
}


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("wall", ["application", "database"])
def test_each_sees_exactly_theirs_through_either_wall(filled: World, name: str, wall: str) -> None:
    actor: Actor = getattr(filled, name)
    for model, expected in SEEN[name].items():
        with scope(actor):
            rows = model.objects.visible_to(actor) if wall == "application" else model.objects.all()
            versions = model.history.visible_to(actor) if wall == "application" else model.history.all()
            assert {str(row) for row in rows} == expected
            assert {version.title if hasattr(version, "title") else version.name for version in versions} == expected


def test_the_sponsor_wall_stands_without_any_filter_of_django(filled: World) -> None:
    with scope(filled.paul):
        assert raw("SELECT title FROM support_ticket") == [("Ticket of Lyra Biologics at acme",)]
        assert raw("SELECT title FROM support_historicalticket") == [("Ticket of Lyra Biologics at acme",)]
        assert raw("SELECT slug FROM access_sponsor") == [("acme",)]
        assert raw("SELECT DISTINCT org FROM access_membership") == [("Lyra Biologics AG",)]
        assert raw("SELECT count(*) FROM access_grant") == [(0,)]


@pytest.mark.parametrize("name", ["nina", "connie", "paul", "riva"])
def test_memberships_grants_and_shares_are_scoped_too(filled: World, name: str) -> None:
    actor: Actor = getattr(filled, name)
    with scope(actor):
        assert set(Sponsor.objects.values_list("slug", flat=True)) == {actor.sponsor}
        assert {m.tenant_id for m in Membership.objects.all()} == {actor.tenant}
        expected_grants = {"nina": 1, "connie": 1, "paul": 0, "riva": 0}[name]
        assert Grant.objects.count() == expected_grants == Grant.objects.visible_to(actor).count()
        assert Share.objects.count() == {"nina": 2, "connie": 1, "paul": 1, "riva": 1}[name]


def test_a_withdrawn_share_shows_nothing(filled: World) -> None:
    with change(by=filled.nina, reason="Sent in error"):
        Share.objects.filter(cdmo_id=filled.lyra.pk).update(withdrawn=True)
    with scope(filled.paul):
        assert not Bulletin.objects.exists() and not Bulletin.objects.visible_to(filled.paul).exists()


@pytest.mark.requirement("ASVS-4.1.5")
def test_tenant_told_and_cdmo_not_is_refused(filled: World) -> None:
    for table in ("cdmos_cdmo", "support_ticket", "support_historicalticket", "access_membership"):
        with pytest.raises(ProgrammingError, match="no cdmo in this transaction"), transaction.atomic():
            raw("SELECT set_config('app.tenant', %s, true)", str(filled.acme.pk))
            raw(f"SELECT * FROM {table}")


@pytest.mark.requirement("ASVS-4.1.5")
def test_nothing_told_shows_no_row(filled: World) -> None:
    with pytest.raises(ProgrammingError, match="no tenant in this transaction"), transaction.atomic():
        raw("SELECT * FROM support_memo")


@pytest.mark.parametrize("nonsense", ["x", "{", "{1,x}", "**", "1 OR 1=1", " "])
def test_nonsense_told_for_the_cdmo_is_refused(filled: World, nonsense: str) -> None:
    """In the sponsor's own tenant, where a lenient reading would show every row."""
    with pytest.raises(DatabaseError, match=r"invalid input syntax|malformed array literal"), transaction.atomic():
        raw("SELECT set_config('app.tenant', %s, true)", str(filled.acme.pk))
        raw("SELECT set_config('app.cdmo', %s, true)", nonsense)
        raw("SELECT * FROM support_ticket")


def test_a_reference_into_another_sponsor_is_refused_by_the_database(filled: World) -> None:
    with pytest.raises(DatabaseError, match="violates foreign key"), change(by=filled.nina, reason="Crossing"):
        Site.objects.create(cdmo=filled.foreign, name="X", city="X", country="CH", time_zone="UTC")
        raw("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="violates foreign key"), change(by=filled.nina, reason="Crossing"):
        Membership.objects.filter(pk=filled.vera.membership).update(version=1)
        raw(
            "INSERT INTO access_membership (tenant_id, version, role, org, cdmo_id, narrowed, valid_from, user_id)"
            " VALUES (%s, 1, 'cdmo_qa', 'X', %s, false, '2026-01-01', %s)",
            filled.acme.pk,
            filled.foreign.pk,
            filled.vera.user,
        )
        raw("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_reference_to_another_partners_row_is_refused_by_the_database(filled: World) -> None:
    with pytest.raises(DatabaseError, match="violates foreign key"), change(by=filled.nina, reason="Crossing"):
        Ticket.objects.create(cdmo=filled.lyra, site=filled.orion_site, title="At the wrong place")
        raw("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_row_for_another_sponsor_or_partner_is_refused_by_the_database(filled: World) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), change(by=filled.nina, reason="Smuggling"):
        Memo.objects.create(tenant=filled.rival, title="Smuggled")
    with pytest.raises(DatabaseError, match="row-level security"), change(by=filled.paul, reason="Smuggling"):
        Ticket.objects.create(cdmo=filled.orion, title="Smuggled")
    with pytest.raises(DatabaseError, match="row-level security"), change(by=filled.paul, reason="Smuggling"):
        Memo.objects.create(title="A partner writes to the sponsor's own table")
    with pytest.raises(DatabaseError, match="row-level security"), change(by=filled.connie, reason="Smuggling"):
        Ticket.objects.create(cdmo=filled.orion, title="Beyond the grant")


def test_an_update_reaches_only_what_is_seen(filled: World) -> None:
    with change(by=filled.paul, reason="Everything?"):
        assert Ticket.objects.update(title="Mine") == 1
        assert raw("UPDATE support_memo SET title = 'Mine'") == 0


def test_clean_speaks_of_a_foreign_reference_as_of_one_that_never_was(filled: World) -> None:
    for key in (filled.foreign.pk, 999_999):
        site = Site(tenant=filled.acme, cdmo_id=key, name="X", city="X", country="CH", time_zone="UTC")
        with scope(filled.nina), pytest.raises(ValidationError) as refusal:
            site.clean()
        assert refusal.value.message_dict == {"cdmo": ["There is no such record."]}


CROSSING = {
    *("enter", "enter_by_key", "enter_by_calendar", "memberships_of", "valid_memberships"),
    "tenants_with_late_clocks",
    "tenants_with_programmes",
    *("throw_away_old_drafts", "throw_away_old_simulations"),
    "find",
    *("leaves", "drifted", "misdated", "note_upgrade", "begin_incarnation"),
}


def test_only_the_closed_list_of_functions_runs_with_other_rights(db: None) -> None:
    found = raw(
        """SELECT n.nspname || '.' || p.proname, pg_get_userbyid(p.proowner)::text,
                  has_function_privilege('app', p.oid, 'EXECUTE')
             FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'sentinel')"""
    )
    reachable = {name for name, _, callable_by_app in found if callable_by_app}
    doors = {"access.enter", "access.enter_by_key", "access.enter_by_calendar", "access.memberships_of"}
    assert reachable == doors | {
        "access.tenants_with_late_clocks",
        "access.tenants_with_programmes",
        "access.throw_away_old_drafts",
        "access.throw_away_old_simulations",
        "access.find",
    }
    others = {name.split(".")[1] for name, _, _ in found if not name.startswith("trail.log_")}
    assert others == CROSSING
    assert {owner for name, owner, _ in found if name != "trail.begin_incarnation"} == {"keeper"}


def test_every_tenant_table_is_under_forced_row_level_security(db: None) -> None:
    bare = raw(
        """SELECT DISTINCT c.relname FROM pg_class c
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"""
    )
    # The sealer's digests and the security log: no right of the application reads them.
    assert bare == [("access_securityevent",), ("trail_part",)]
    assert connection.settings_dict["USER"] == "app"
