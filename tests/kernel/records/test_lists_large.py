"""Lists of kinds that grow: by due date with what is never due at the end, by days, by what is open, by text."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from oversight.kernel.access.scope import scope
from oversight.kernel.records import search
from oversight.kernel.records.filters import read_filters
from oversight.kernel.records.listing import read_listing
from oversight.kernel.records.ordering import NEVER
from oversight.kernel.trail.change import change
from quality.models import Deviation
from quality.records import DEVIATION
from tests.cast import sign_in
from tests.web.reading import link, titles, words

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def raise_many(world, count: int, **changes) -> list[str]:
    """As many deviations of Lyra as told, an hour apart; `changes` are functions of the place."""
    with change(by=world.nina, reason="Put on file"):
        made = [
            Deviation(
                tenant_id=world.acme.pk, number=f"DEV-26-{place:04}", cdmo=world.lyra, site=world.lyra_site,
                title=f"Event {place:03}", description="Nothing", severity="MINOR", event_type="RELEASE_OOS",
                occurred_at=NOON + timedelta(hours=place), aware_at=NOON + timedelta(hours=place),
                **{name: told(place) for name, told in changes.items()},
            )
            for place in range(count)
        ]  # fmt: skip
        Deviation.objects.bulk_create(made)
    return [each.title for each in made]


@pytest.fixture
def nina(world, client):
    sign_in(client, world.nina)
    return client


def walk(client, query: str) -> list[str]:
    """The titles of all pages, one after the other."""
    page, found = client.get(f"/acme/deviations/{query}"), []
    while True:
        found += titles(page)
        if (further := link(page, "Next")) is None:
            return found
        page = client.get("/acme/deviations/" + further)


def test_what_is_never_due_stands_after_all_that_is_due(world, nina):
    names = raise_many(world, 60, due_at=lambda place: NOON - timedelta(days=place) if place < 30 else None)
    due, never = list(reversed(names[:30])), names[30:]
    assert walk(nina, "?sort=due") == due + never
    assert walk(nina, "?sort=-due") == [*reversed(never), *reversed(due)]
    second = nina.get("/acme/deviations/" + link(nina.get("/acme/deviations/?sort=due"), "Next"))
    assert titles(nina.get("/acme/deviations/" + link(second, "Previous"))) == due[:25]


def test_numbers_are_found_by_their_beginning_and_text_within(world, nina):
    raise_many(world, 12)
    assert titles(nina.get("/acme/deviations/?q=dev-26-000&sort=number")) == [f"Event {n:03}" for n in range(10)]
    assert titles(nina.get("/acme/deviations/?q=vent+011")) == ["Event 011"]
    assert titles(nina.get("/acme/deviations/?q=011+ven")) == ["Event 011"], "each word, in whichever order"
    assert titles(nina.get("/acme/deviations/?q=%25")) == []


def test_a_text_search_that_does_not_reach_all_says_so(world, nina, monkeypatch):
    monkeypatch.setattr(search, "SEARCHED", 5)
    raise_many(world, 12)
    page = nina.get("/acme/deviations/?q=Event&sort=number")
    assert titles(page) == [f"Event {n:03}" for n in range(7, 12)]
    assert "The text was looked for in the newest 10,000 deviations" in words(page)
    assert titles(nina.get("/acme/deviations/?q=DEV-26-0001")) == ["Event 001"]
    assert "No deviation matches The text was looked for" in words(nina.get("/acme/deviations/?q=Event+002"))


def test_open_and_overdue_are_asked_for_beside_each_status(world, nina):
    states = ["REPORTED", "CLOSED", "INVESTIGATION", "VOID"]
    soon = datetime.now(UTC) + timedelta(days=1)
    raise_many(world, 8, status=lambda place: states[place % 4], due_at=lambda place: NOON if place < 4 else soon)
    assert walk(nina, "?status=open&sort=number") == ["Event 000", "Event 002", "Event 004", "Event 006"]
    assert walk(nina, "?status=overdue&sort=number") == ["Event 000", "Event 002"]
    assert walk(nina, "?status=CLOSED&sort=number") == ["Event 001", "Event 005"]


def test_what_is_offered_is_what_is_declared(world):
    with scope(world.nina):
        offered = {one.name: one.options for one in read_filters(DEVIATION, world.nina, QueryDict())}
    assert offered["severity"] == (("MINOR", "Minor"), ("MAJOR", "Major"), ("CRITICAL", "Critical"))
    assert offered["status"][:3] == (("open", "Open"), ("overdue", "Overdue"), ("REPORTED", "Reported"))


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("occurred_at__from=2026-03-02", range(12, 40)),
        ("occurred_at__to=2026-03-01", range(12)),
        ("occurred_at__from=2026-03-02&occurred_at__to=2026-03-02", range(12, 36)),
        ("occurred_at__from=yesterday&occurred_at__to=0001-01-01", range(40)),
    ],
)
def test_days_narrow_a_list_and_the_last_one_is_part_of_it(world, query, places):
    from dataclasses import replace

    names = raise_many(world, 40)
    kind = replace(DEVIATION, filters=("occurred_at",))
    with scope(world.nina):
        listing = read_listing(kind, world.nina, QueryDict(query + "&sort=number"))
    assert listing.total == len(places)
    assert [record.title for record in listing.records] == [names[place] for place in places][:25]


def test_a_cursor_of_another_order_starts_at_the_beginning(world, nina):
    raise_many(world, 30)
    by_number = nina.get("/acme/deviations/?sort=number")
    cursor = link(by_number, "Next").partition("after=")[2]
    first = titles(nina.get("/acme/deviations/?sort=aware"))
    assert titles(nina.get(f"/acme/deviations/?sort=aware&after={cursor}")) == first
    assert NEVER.year == 9999
