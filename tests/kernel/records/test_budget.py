"""A page costs the same number of statements however many records there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.budget import Request, requests
from bench.deviations import copy, put_on_file
from bench.visits import beyond_transactions, statements
from tests.cast import World, sign_in
from tests.kernel.records.filing import change_it, put_many_on_file

pytestmark = pytest.mark.django_db

HOUSEKEEPING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def asked(client, path: str) -> list[str]:
    """The statements of one page beyond the session, the person and the door."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    sql = [query["sql"] for query in queries if not query["sql"].startswith(HOUSEKEEPING)]
    doors = ("django_session", "access_user", "access.enter", "SET LOCAL app.")
    return [one for one in sql if not any(door in one for door in doors)]


@pytest.mark.parametrize(
    "path, most",
    [("cdmos/", 6), ("sites/", 6), ("cdmos/{cdmo}/", 9), ("sites/{site}/", 6), ("cdmos/{cdmo}/history/", 5)],
)
def test_statements_stay_within_the_budget_and_do_not_grow(world, client, path, most):
    sign_in(client, world.nina)
    path = "/acme/" + path.format(cdmo=world.lyra.pk, site=world.lyra_site.pk)
    client.get(path)
    before = asked(client, path)
    put_many_on_file(world.nina, [f"Partner {number}" for number in range(40)])
    for turn in range(8):
        change_it(world.nina, world.lyra.pk, f"turn {turn}", legal_name=f"Lyra {turn}")
    after = asked(client, path)
    assert len(before) == len(after)
    assert len(after) <= most


# What each request sends, sign-in, scope and saved views included; BEGIN and COMMIT are not counted (decision 20).
PINNED = {
    "list": 8,
    "list filtered": 8,
    "list searched": 8,
    "API list": 2,
    "API item": 2,
    "API history": 5,
    "detail": 12,
    "save form": 12,
    "save PATCH": 11,
}


def counted(request: Request) -> int:
    statements(request.prepare())  # the session notes when it began
    return len(beyond_transactions(statements(request.prepare())))


@pytest.mark.django_db(transaction=True)
def test_each_request_about_deviations_sends_what_is_pinned_at_1_50_and_500_rows(lasting_world: World) -> None:
    nina = lasting_world.nina
    first = put_on_file(nina, 1)
    budgeted = [request for request in requests(nina, first) if request.name in PINNED]
    assert all(PINNED[request.name] <= (request.budget or 0) for request in budgeted)
    assert {request.name: counted(request) for request in budgeted} == PINNED
    copy(nina, first, range(2, 51))
    assert {request.name: counted(request) for request in budgeted} == PINNED
    copy(nina, first, range(51, 501))
    assert {request.name: counted(request) for request in budgeted} == PINNED
