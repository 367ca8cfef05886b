"""The demo world: loaded through the trail, dated in the past, whole or not at all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from time import perf_counter

import pytest
from django.core.management import CommandError, call_command

from cdmos.models import CDMO
from oversight.kernel.access.entrance import enter, memberships_of
from oversight.kernel.access.models import Sponsor, User
from oversight.kernel.access.scope import Actor, forgetful_transaction, scope
from oversight.kernel.clocks.face import face
from oversight.kernel.clocks.models import Clock, DefaultLimit
from oversight.kernel.clocks.rules import Side
from oversight.kernel.database.roles import connection_as
from oversight.kernel.files.attaching import content_of, files_of
from oversight.kernel.records.saved import views_of
from oversight.kernel.trail.verify import verify
from oversight.roles import Role
from oversight.web.today.queue import Whose, own_side
from oversight.web.today.work import work
from quality.models import Deviation
from quality.records import DEVIATION
from tests.cast import raw, seal_now
from tests.web import demo_programmes


def answer(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_the_demo_world_is_told_once_in_the_past_and_verifies(transactional_db: None, settings, tmp_path) -> None:
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    settings.FILES_ROOT = tmp_path / "files"
    with pytest.raises(CommandError, match=r"no demo world in this database: python3 dev\.py manage load_demo"):
        call_command("demo_logins")
    began = perf_counter()
    assert answer("load_demo") == "The demo world is loaded.\n"
    print(f"\nThe demo world was loaded in {perf_counter() - began:.1f} s")
    assert answer("load_demo") == "The demo world stands already.\n"

    people = json.loads(answer("demo_logins"))
    assert {person["role"] for person in people} == set(Role) - {Role.API_CLIENT}
    assert {person["sponsor"] for person in people} == {"marrowfen", "tarn-bio"}
    assert all(User.objects.get(email=person["email"]).check_password(person["password"]) for person in people)
    lena = User.objects.get(email="lena.brunner@corvane.example")
    cards = memberships_of(lena.pk)
    assert [(card.sponsor, card.org, card.demo) for card in cards] == [
        ("marrowfen", "Corvane Biologics", True),
        ("tarn-bio", "Corvane Biologics", True),
    ]

    ingrid = memberships_of(User.objects.get(email="ingrid.solvang@marrowfen.example").pk)[0]
    with scope(Actor(tenant=_tenant(ingrid.id))):
        names = list(CDMO.objects.order_by("name").values_list("name", flat=True))
        assert names == [
            "Corvane Biologics", "Noxbury Vectors", "Packmoor Logistics", "Peltraq Analytical", "Quillmere Pharma",
            "Sterivale",
        ]  # fmt: skip
        assert Sponsor.objects.get().is_demo
        story = CDMO.objects.get(name="Corvane Biologics").history.order_by("history_id")
        assert list(story.values_list("outsourcing_model", flat=True)) == [
            "TACTICAL", "PREFERRED", "PREFERRED", "PREFERRED", "STRATEGIC",
        ]  # fmt: skip
        first = story.first()
        assert (first.history_source, first.history_user_name) == ("demo", "Anders Lindqvist")
        assert timedelta(days=729) < datetime.now(UTC) - first.history_date < timedelta(days=731)
        dates = list(story.values_list("history_date", flat=True))
        assert dates == sorted(dates)
    assert seal_now() == 1
    assert verify().findings == []
    assert answer("verify_signatures") == "Every signature verifies: 272.\n"
    _is_believable()
    _has_every_colour()
    _gives_everybody_work()
    _holds_evidence()
    (ruth,) = memberships_of(User.objects.get(email="ruth.calloway@tarnbio.example").pk)
    demo_programmes.are_believable({"marrowfen": _tenant(ingrid.id), "tarn-bio": _tenant(ruth.id)})


def _ask(statement: str) -> list[tuple]:
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _is_believable() -> None:
    """Two years of stories, each in its order, closed by a second person, told in the hours of offices."""
    states = "SELECT s.slug, d.status, count(*) FROM quality_deviation d JOIN access_sponsor s ON s.id = d.tenant_id"
    found = {(slug, status): count for slug, status, count in _ask(f"{states} GROUP BY 1, 2")}
    assert sum(count for (slug, _), count in found.items() if slug == "marrowfen") == 225
    assert sum(count for (slug, _), count in found.items() if slug == "tarn-bio") == 40
    assert {status for slug, status in found if slug == "marrowfen"} == set(Deviation.Status)
    assert found["marrowfen", "CLOSED"] == 190
    assert _ask("SELECT count(DISTINCT cdmo_id) FROM quality_deviation WHERE severity = 'CRITICAL'") == [(4,)]
    wrong = """
      SELECT d.number FROM quality_deviation d
        JOIN esign_signature s ON s.kind = 'quality_deviation' AND s.record_id = d.id
       WHERE d.status = 'CLOSED' AND (s.signer_id IN (d.answered_by, d.accepted_by)
          OR NOT (d.occurred_at <= d.aware_at AND d.aware_at <= d.notified_at AND d.notified_at < d.investigation_at
                  AND d.investigation_at < d.answered_at AND d.answered_at < d.accepted_at
                  AND d.accepted_at < d.closed_at AND d.closed_at = s.signed_at))"""
    assert _ask(wrong) == []
    closed = [(found["marrowfen", "CLOSED"] + found["tarn-bio", "CLOSED"],)]
    assert _ask("SELECT count(*) FROM esign_signature WHERE kind = 'quality_deviation'") == closed
    office = """
      SELECT count(*) FILTER (WHERE extract(isodow FROM h.history_date) < 6
                                AND extract(hour FROM h.history_date) BETWEEN 6 AND 22) * 100 / count(*)
        FROM quality_historicaldeviation h JOIN quality_deviation d ON d.id = h.id WHERE d.status = 'CLOSED'"""
    assert _ask(office)[0][0] >= 97
    assert _ask("SELECT count(*) FROM outbox_event WHERE state = 'WAITING' AND name = 'deviation.close'") == [(0,)]
    late = """
      SELECT c.name, round(100.0 * count(*) FILTER (WHERE d.notified_at > k.due_at) / count(*))
        FROM quality_deviation d JOIN cdmos_cdmo c ON c.id = d.cdmo_id JOIN access_sponsor s ON s.id = d.tenant_id
        JOIN clocks_clock k ON k.kind = 'quality_deviation' AND k.record_id = d.id AND k.name LIKE 'notice-%'
       WHERE s.slug = 'marrowfen' GROUP BY 1"""
    shares = {name: int(share) for name, share in _ask(late)}
    assert max(shares, key=lambda name: shares[name]) == "Noxbury Vectors"
    assert shares["Peltraq Analytical"] < 10


def _has_every_colour() -> None:
    """At each sponsor and on either side: over, within the hour, the day, three days, later; and what stands still."""
    now, world = datetime.now(UTC), {}
    for slug, email in (
        ("marrowfen", "ingrid.solvang@marrowfen.example"),
        ("tarn-bio", "ruth.calloway@tarnbio.example"),
    ):
        with _entered(email, slug, "workspace") as actor:
            clocks = list(Clock.objects.visible_to(actor))
            open_ones = {side: [one for one in clocks if one.status == "RUNNING" and one.side == side] for side in Side}
            for side, running in open_ones.items():
                faces = [face(clock, now) for clock in running]
                assert {one.tone for one in faces} == {"danger", "warn", "info", "neutral"}, (slug, side)
                assert {one.over for one in faces if one.tone == "danger"} == {True, False}, (slug, side)
            over = Deviation.objects.filter(status__in=["CLOSED", "VOID"])
            assert set(over.values_list("open_tasks", "due_at", "due_label")) == {(0, None, "")}
            world[slug] = {clock.status for clock in clocks}
            assert {one.cdmo_id for one in open_ones[Side.CDMO]} == set(CDMO.objects.values_list("pk", flat=True))
    assert world == {
        "marrowfen": {"RUNNING", "PAUSED", "ANSWERED", "STOPPED"}, "tarn-bio": {"RUNNING", "ANSWERED", "STOPPED"},
    }  # fmt: skip


def _gives_everybody_work() -> None:
    """Whoever signs in finds something that is late, and something that is not yet."""
    now = datetime.now(UTC)
    for email, slug, door in (
        ("ingrid.solvang@marrowfen.example", "marrowfen", "workspace"),
        ("pascal.renard@marrowfen.example", "marrowfen", "workspace"),
        ("marta.oliveira@marrowfen.example", "marrowfen", "workspace"),
        ("ruth.calloway@tarnbio.example", "tarn-bio", "workspace"),
        ("lena.brunner@corvane.example", "marrowfen", "portal"),
        ("lena.brunner@corvane.example", "tarn-bio", "portal"),
        ("grace.whitlock@noxbury.example", "marrowfen", "portal"),
        ("paolo.ferrante@sterivale.example", "marrowfen", "portal"),
        ("joost.veenstra@peltraq.example", "marrowfen", "portal"),
        ("dana.holloway@packmoor.example", "marrowfen", "portal"),
    ):
        with _entered(email, slug, door) as actor:
            found = work(actor, side=own_side(actor), whose=Whose.MINE, now=now)
            groups = {one.group for one in found}
            assert "Late" in groups, email
            assert len(groups) >= 2, (email, slug, groups)


def _holds_evidence() -> None:
    """Files of each kind are what they say, and can be read."""
    kinds = _ask("SELECT content_type, count(*) FROM files_attachment GROUP BY 1 ORDER BY 1")
    assert [kind for kind, _ in kinds] == ["application/pdf", "image/png", "text/csv"]
    with _entered("ingrid.solvang@marrowfen.example", "marrowfen", "workspace") as actor:
        record = Deviation.objects.visible_to(actor).get(partner_number="CB-1187")
        files = files_of(record, actor)
        assert [(one.row.name, one.row.label) for one in files] == [
            ("pressure-C-204.png", "because_1"), ("feed-log-days-8-12.csv", "because_4"),
        ]  # fmt: skip
        assert content_of(record, actor, files[0].row.pk)[1].startswith(b"\x89PNG")
        assert [view.name for view in views_of(DEVIATION, actor)] == [
            "Root causes to review", "Critical, open", "Overdue",
        ]  # fmt: skip
        limits = DefaultLimit.objects.order_by("name").values_list("name", "limit", "unit")
        assert list(limits) == [("report-acceptance", 24, "HOURS"), ("timeline-impact", 48, "HOURS")]


@contextmanager
def _entered(email: str, slug: str, door: str) -> Iterator[Actor]:
    person = User.objects.get(email=email)
    (card,) = [card for card in memberships_of(person.pk) if card.sponsor == slug]
    with forgetful_transaction():
        actor = enter(person.pk, slug, door, chosen=card.id, request="")
        assert isinstance(actor, Actor)
        yield actor


def _tenant(membership: int) -> int:
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM access_membership WHERE id = %s", [membership])
        return int(cursor.fetchone()[0])


def test_without_the_loaders_address_it_says_so(db: None, settings) -> None:
    settings.ROLE_URLS = settings.ROLE_URLS | {"loader": ""}
    with pytest.raises(CommandError, match="needs the database role loader: set LOADER_URL"):
        call_command("load_demo")
    assert raw("SELECT count(*) FROM access_demoworld") == [(0,)]
