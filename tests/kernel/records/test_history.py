"""Vera reads who changed what, from what, to what, when and why."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cdmos.records import SITE
from oversight.kernel.access.scope import scope
from oversight.kernel.records import pages
from oversight.kernel.records.writes import amend
from oversight.kernel.trail.seals import SealStatus
from tests.cast import sign_in
from tests.kernel.records.filing import change_it, put_on_file
from tests.web.reading import differences, link, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera(world, client):
    sign_in(client, world.vera)
    return client


@pytest.mark.requirement("P11-10e-keep", "A11-9-read", "A11D-trail", "PI041-legible", "PI041-who-what-when-why")
def test_each_version_is_told_in_words_newest_first(world, vera):
    record = put_on_file(world.omar, name="Corvane", country="CH")
    change_it(
        world.nina,
        record.pk,
        "Moved and chosen",
        country="DE",
        outsourcing_model="STRATEGIC",
        website="https://c.example/",
    )
    change_it(world.omar, record.pk, "Does no filling", drug_product=False, storage=True, website="")
    with scope(world.vera):
        at = record.history.first().history_date
    page = vera.get(f"/acme/cdmos/{record.pk}/history/")
    assert differences(page) == [
        [
            ("Website", "https://c.example/", ""),
            ("Drug product", "Yes", "No"),
            ("Storage", "No", "Yes"),
            ("Reason", "", "Does no filling"),
        ],
        [
            ("Country", "Switzerland", "Germany"),
            ("Website", "", "https://c.example/"),
            ("Outsourcing model", "Preferred", "Strategic"),
            ("Reason", "", "Moved and chosen"),
        ],
        [
            ("Name", "", "Corvane"),
            ("Country", "", "Switzerland"),
            ("Drug product", "", "Yes"),
            ("Outsourcing model", "", "Preferred"),
        ],
    ]
    text = words(page)
    assert "Nina Berg Acme Therapeutics QA director Changed In the workspace, version 2" in text
    assert "Omar Haddad Acme Therapeutics CMC lead Created In the workspace, version 1" in text
    told = at.astimezone(ZoneInfo("Europe/Zurich"))
    assert f"{at:%Y-%m-%d %H:%M:%S} UTC {told:%H:%M:%S on %d %b} in Europe/Zurich Omar Haddad" in text
    assert at.utcoffset() != told.utcoffset()
    assert "Nothing here can be edited." in text


def test_a_parent_is_named(world, vera):
    page = vera.get(f"/acme/sites/{world.lyra_site.pk}/history/")
    assert ("CDMO", "", "Lyra Biologics") in differences(page)[0]


@pytest.mark.requirement("PI041-attributable")
def test_the_system_is_named(world, vera):
    assert "Oversight" in words(vera.get(f"/acme/cdmos/{world.lyra.pk}/history/"))


def test_a_long_history_is_cut_by_key(world, vera):
    record = put_on_file(world.omar, notes="round 0")
    for turn in range(1, 45):
        change_it(world.omar, record.pk, f"turn {turn}", notes=f"round {turn}")
    path = f"/acme/cdmos/{record.pk}/history/"
    first = vera.get(path)
    assert [version[-1][2] for version in differences(first)] == [f"turn {turn}" for turn in range(44, 24, -1)]
    second = vera.get(path + link(first, "Older"))
    assert differences(second)[0] == [("Notes", "round 23", "round 24"), ("Reason", "", "turn 24")]
    third = vera.get(path + link(second, "Older"))
    assert len(differences(third)) == 5
    assert link(third, "Older") is None
    assert link(third, "Newest") == path


SEALED_AT = datetime(2026, 11, 3, 14, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "seal, foot",
    [
        (SealStatus(None, None, 0), "Not sealed yet"),
        (
            SealStatus(7, SEALED_AT, 0),
            "1 newest entry not covered by a seal yet Newest seal: block 7, 2026-11-03 14:05:06 UTC",
        ),
        (SealStatus(8, SEALED_AT, 2**62), "Covered by the seals up to block 8, sealed 2026-11-03 14:05:06 UTC"),
    ],
)
def test_the_foot_says_what_is_sealed(world, vera, monkeypatch, seal, foot):
    monkeypatch.setattr(pages, "seal_status", lambda: seal)
    page = vera.get(f"/acme/cdmos/{world.lyra.pk}/history/")
    assert foot in words(page)
    # Whether the entries still are what was sealed only verify_trail can say: nothing here is green or ticked.
    assert 'data-tone="ok"' not in page.content.decode()
    assert 'href="#g-ok"' not in page.content.decode()


@pytest.mark.parametrize("key", ["x", "-1", "٣", "9" * 30, "1%00", "%ED%A0%80", "9" * 6000])
def test_a_damaged_key_starts_at_the_newest(world, vera, key):
    page = vera.get(f"/acme/cdmos/{world.lyra.pk}/history/?before={key}")
    assert (page.status_code, len(differences(page))) == (200, 1)


def test_the_record_shows_its_latest_changes(world, vera):
    change_it(world.omar, world.lyra.pk, "Signed the framework", outsourcing_model="STRATEGIC")
    text = words(vera.get(f"/acme/cdmos/{world.lyra.pk}/"))
    assert "Omar Haddad changed outsourcing model Signed the framework" in text


def test_acronyms_keep_their_capitals_inside_a_sentence(world, vera):
    with scope(world.omar):
        amend(SITE, world.lyra_site.pk, by=world.omar, version=1, values={"fei_number": "3004523871"}, reason="Given")
    assert "Omar Haddad changed FEI number Given" in words(vera.get(f"/acme/sites/{world.lyra_site.pk}/"))
    assert "Sites, sorted by CDMO" in words(vera.get("/acme/sites/?sort=cdmo"))
    assert "Sites, sorted by city, descending" in words(vera.get("/acme/sites/?sort=-city"))


@pytest.mark.requirement("A11D-sign-zone")
@pytest.mark.parametrize(("who", "base"), [("vera", "/acme/"), ("paul", "/portal/acme/")])
def test_every_time_carries_its_zone(world, client, who, base):
    sign_in(client, getattr(world, who))
    change_it(world.omar, world.lyra.pk, "Moved", country="DE")
    for page in ("", "history/"):
        body = client.get(f"{base}cdmos/{world.lyra.pk}/{page}").content.decode()
        times = re.findall(r"<time[^>]*>(.*?)</time>", body)
        assert len(times) == 2
        assert [time[-4:] for time in times] == [" UTC", " UTC"]
