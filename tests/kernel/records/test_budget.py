"""A page costs the same number of statements however many records there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import sign_in
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
    [("cdmos/", 5), ("sites/", 5), ("cdmos/{cdmo}/", 8), ("sites/{site}/", 5), ("cdmos/{cdmo}/history/", 4)],
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
