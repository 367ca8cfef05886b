"""Nina reads what happened to all records, in one stream."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cdmos.models import CDMO, Site
from oversight.kernel.access.models import User
from oversight.kernel.access.scope import scope
from oversight.kernel.records import stream_query
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import join, seal_now, sign_in, system
from tests.kernel.records.filing import change_it, put_many_on_file, put_on_file
from tests.kernel.records.test_budget import asked
from tests.web.reading import differences, fold, link, words

pytestmark = pytest.mark.django_db
TRAIL = "/acme/audit-trail/"


@pytest.fixture
def nina(world, client):
    sign_in(client, world.nina)
    return client


def told(response) -> list[tuple[str, str, str]]:
    """The lines from top to bottom: who (and of which organisation), which record, what was done."""
    body = response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    lines = []
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.S):
        who, record, action = (
            fold(re.search(rf'data-label="{name}">(.*?)</td>', row, re.S)[1]) for name in ("Who", "Record", "Action")
        )
        lines.append((who, record, action))
    return lines


def whole(client, query: str = "", trail: str = TRAIL) -> list[tuple[str, str, str]]:
    """Every line, page after page, to the end."""
    lines, page = [], client.get(f"{trail}{query}")
    for _ in range(60):
        assert page.status_code == 200
        lines += told(page)
        if (older := link(page, "Older") or link(page, "Look further back")) is None:
            return lines
        page = client.get(trail + older)
    raise AssertionError("it never ends")


def records(lines: list[tuple[str, str, str]]) -> list[str]:
    return [record for _, record, _ in lines]


@pytest.mark.requirement("P11-10e-review")
def test_all_records_stand_in_one_stream_newest_first(world, nina):
    change_it(world.omar, world.orion.pk, "Moved its seat", country="DE")
    with change(by=world.nina, reason="New address"):
        Site.objects.filter(pk=world.lyra_site.pk).update(city="Bern")
    change_it(world.nina, world.lyra.pk, "After the audit", outsourcing_model="STRATEGIC", notes="Better")
    page = nina.get(TRAIL)
    lyra, orion, site = world.lyra.number, world.orion.number, world.lyra_site.number
    assert told(page)[:4] == [
        ("Nina Berg Acme Therapeutics QA director", f"{lyra} Lyra Biologics", "Changed In the workspace, version 2"),
        ("Nina Berg Acme Therapeutics QA director", f"{site} Lyra Basel", "Changed In the workspace, version 2"),
        ("Omar Haddad Acme Therapeutics CMC lead", f"{orion} Orion Fill", "Changed In the workspace, version 2"),
        ("Oversight", f"{world.orion_site.number} Orion Graz", "Created By the system, version 1"),
    ]  # fmt: skip
    assert differences(page)[:3] == [
        [
            ("Outsourcing model", "Preferred", "Strategic"),
            ("Notes", "Lyra Biologics: notes canary", "Better"),
            ("Reason", "", "After the audit"),
        ],
        [("City", "Lyra Basel city", "Bern"), ("Reason", "", "New address")],
        [("Country", "Switzerland", "Germany"), ("Reason", "", "Moved its seat")],
    ]  # fmt: skip
    assert link(page, lyra) == f"/acme/cdmos/{world.lyra.pk}/"


@pytest.mark.requirement("PI041-complete")
def test_pages_follow_each_other_without_gap_or_repetition(world, nina):
    put_many_on_file(world.nina, [f"Partner {number:02}" for number in range(60)])
    for turn in range(20):
        change_it(world.nina, world.lyra.pk, f"turn {turn}", legal_name=f"Lyra {turn}")
    lines = records(whole(nina))
    expected = ["Lyra Biologics"] * 20 + [f"Partner {number:02}" for number in reversed(range(60))]
    assert [record.split(" ", 1)[1] for record in lines[:80]] == expected
    assert len(lines) == 20 + 60 + 4
    second = nina.get(TRAIL + link(nina.get(TRAIL), "Older"))
    assert link(second, "Newest") == f"{TRAIL}?"


@pytest.fixture
def busy(world):
    """Some history with different people, records, fields and reasons."""
    change_it(world.omar, world.lyra.pk, "Audit in May", country="DE")
    change_it(world.nina, world.lyra.pk, "100% done_", notes="Fine")
    change_it(world.connie, world.lyra.pk, "Audit in June", legal_name="Lyra AG")
    with change(by=world.omar, reason="Site AUDIT"):
        site = Site.objects.get(pk=world.orion_site.pk)
        site.city = "Linz"
        site.save()
    return world


@pytest.mark.requirement("P11-10e-review", "PI041-available")
@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("who={omar}", ["Site AUDIT", "Audit in May"]),
        ("org=Marsh+Consulting", ["Audit in June"]),
        ("kind=sites&action=~", ["Site AUDIT"]),
        ("kind=cdmos&action=~", ["Audit in June", "100% done_", "Audit in May"]),
        ("kind=cdmos&field=notes&action=~", ["100% done_"]),
        ("kind=cdmos&field=country&action=~", ["Audit in May"]),
        ("reason=audit", ["Site AUDIT", "Audit in June", "Audit in May"]),
        ("reason=0%25", ["100% done_"]),
        ("reason=e_", ["100% done_"]),
        ("reason=%25%25", []),
        ("record=orion+graz&action=~", ["Site AUDIT"]),
        ("record={number}&action=~", ["Audit in June", "100% done_", "Audit in May"]),
        ("who={omar}&reason=may", ["Audit in May"]),
        ("since=2999-01-01", []),
        ("until=2001-01-01", []),
        ("who=999999&reason=site", ["Site AUDIT"]),  # not on offer: not set
        ("since=nonsense&action=%00&kind=users&reason=site", ["Site AUDIT"]),
    ],
)  # fmt: skip
def test_filters_by_who_what_when_and_why(busy, nina, query, reasons):
    asked = query.format(omar=busy.omar.user, number=busy.lyra.number)
    page = nina.get(f"{TRAIL}?{asked}")
    found = [line[-1][2] for line in differences(page) if line and line[-1][0] == "Reason"]
    assert found == reasons
    if not reasons:
        assert "No entry matches" in words(page)


def test_days_are_taken_whole(world, nina):
    today = datetime.now(UTC).date()
    before = whole(nina)
    assert whole(nina, f"?since={today}&until={today}") == before
    assert whole(nina, f"?until={today - timedelta(days=1)}") == []


def test_the_system_can_be_asked_for(busy, nina):
    assert {who for who, *_ in whole(nina, "?who=system")} == {"Oversight"}
    assert len(whole(nina, "?who=system")) == 4


def test_a_window_ends_honestly_and_the_next_one_goes_on(world, nina, monkeypatch):
    monkeypatch.setattr(stream_query, "WINDOW", 10)
    change_it(world.nina, world.lyra.pk, "The needle", legal_name="Lyra AG")
    put_many_on_file(world.nina, [f"Partner {number:02}" for number in range(25)])
    page = nina.get(f"{TRAIL}?reason=needle")
    assert told(page) == []
    assert "Nothing among the newest entries No entry since" in words(page)
    assert records(whole(nina, "?reason=needle")) == [f"{world.lyra.number} Lyra Biologics"]
    assert len(whole(nina, "?action=%2B")) == 25 + 4


def test_the_partner_reads_its_own_records_and_the_fields_that_are_shared(busy):
    paul = Client()
    sign_in(paul, busy.paul)
    trail = "/portal/acme/audit-trail/"
    page = paul.get(trail)
    lines = told(page)
    assert [(who, action) for who, _, action in lines[:2]] == [
        ("Marsh Consulting", "Changed"),
        ("Acme Therapeutics", "Changed"),
    ]
    assert len(lines) == 4  # both records of Lyra as created, and two changes; the notes are not Lyra's to read
    for secret in ("Orion", "canary", "Audit in", "100%", "Omar", "Nina", "Connie", "Rival", "QA director"):
        assert secret not in words(page), secret
    assert differences(page)[0] == [("Legal name", "", "Lyra AG")]


@pytest.mark.parametrize("query", ["who={omar}", "kind=cdmos&field=notes", "kind=cdmos&field=outsourcing_model"])
def test_a_partner_cannot_ask_for_what_it_may_not_read(busy, query):
    paul = Client()
    sign_in(paul, busy.paul)
    trail = "/portal/acme/audit-trail/"
    kind = "?kind=cdmos" if "kind=" in query else ""
    assert whole(paul, "?" + query.format(omar=busy.omar.user), trail) == whole(paul, kind, trail)


def test_a_partner_is_not_told_what_a_colleague_did_for_the_sponsor(busy):
    """Paul consults for Acme, too: what he did there is Acme's doing."""
    with change(by=system(busy.acme)):
        as_acme = join(busy.acme, User.objects.get(pk=busy.paul.user), Role.CMC_LEAD, busy.acme.name)
    change_it(as_acme, busy.lyra.pk, "For Acme", country="AT")
    change_it(busy.nina, busy.lyra.pk, "Not his", country="CH")
    vito, trail = Client(), "/portal/acme/audit-trail/"
    sign_in(vito, busy.vito)
    assert len(whole(vito, "", trail)) == 6
    assert whole(vito, f"?who={busy.paul.user}", trail) == []


def test_a_partner_finds_no_reason_of_the_sponsors(busy):
    paul = Client()
    sign_in(paul, busy.paul)
    assert whole(paul, "?reason=audit", "/portal/acme/audit-trail/") == []
    assert whole(paul, "?record=canary", "/portal/acme/audit-trail/") == []


def test_a_narrowed_consultant_reads_the_trail_of_what_she_was_granted(busy, client):
    sign_in(client, busy.connie)
    lines = whole(client)
    assert {record.split(" ", 1)[1] for record in records(lines)} == {"Lyra Biologics", "Lyra Basel"}
    assert len(lines) == 5


def test_the_rival_reads_nothing_of_acme(busy, client):
    sign_in(client, busy.riva)
    assert len(whole(client, trail="/rival/audit-trail/")) == 2
    assert client.get(TRAIL).status_code == 404


@pytest.mark.parametrize("cursor", ["%00", "W10", "abc", "A" * 500, "WzEsMiwzXQ", "%F0", "WyJhIiwgImIiLCAxXQ"])
def test_a_damaged_cursor_starts_at_the_newest(world, nina, cursor):
    assert told(nina.get(f"{TRAIL}?after={cursor}")) == told(nina.get(TRAIL))


@pytest.mark.requirement("ASVS-5.3.4")
@pytest.mark.parametrize("name", ["record", "reason", "who", "org", "kind", "action", "field", "since", "until"])
@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "%F0", "9" * 300, "-1", "%5B%5D", "0001-01-01", "9999-12-31"])
def test_no_query_breaks_the_page(world, nina, name, value):
    assert nina.get(f"{TRAIL}?kind=cdmos&{name}={value}").status_code == 200


def test_statements_stay_within_eight_and_do_not_grow(world, nina):
    nina.get(TRAIL)
    before = asked(nina, TRAIL)
    put_many_on_file(world.nina, [f"Partner {number}" for number in range(40)])
    for turn in range(8):
        change_it(world.nina, world.lyra.pk, f"turn {turn}", legal_name=f"Lyra {turn}")
    assert len(asked(nina, TRAIL)) <= len(before) <= 8


@pytest.mark.django_db(transaction=True)
def test_the_foot_says_what_is_sealed(lasting_world, client):
    world = lasting_world
    sign_in(client, world.nina)
    seal_now()
    assert "Covered by the seals up to block" in words(client.get(TRAIL))
    put_on_file(world.nina, name="Later")
    assert "1 newest entry not covered by a seal yet" in words(client.get(TRAIL))


def test_nothing_yet_is_said(world, client):
    with scope(system(world.acme)):
        assert CDMO.objects.count() == 2
    sign_in(client, world.nina)
    assert "No entry matches" in words(client.get(f"{TRAIL}?record=nothing+of+the+kind"))
