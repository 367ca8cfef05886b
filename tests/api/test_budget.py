"""A call costs the same few statements however many records there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.calling import Caller
from tests.cast import World
from tests.factories.deviation import report
from tests.kernel.records.filing import put_many_on_file

pytestmark = pytest.mark.django_db
HOUSEKEEPING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SET LOCAL")


def statements(caller: Caller, path: str) -> list[str]:
    """The statements of one call: the door, the question, and what guards want to know."""
    with CaptureQueriesContext(connection) as asked:
        assert caller.get(path).status_code == 200
    return [query["sql"] for query in asked if not query["sql"].startswith(HOUSEKEEPING)]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("cdmos/?limit=100", 3),
        ("cdmos/?limit=100&sort=-name&types=storage", 3),
        ("cdmos/?limit=100&q=partner", 3),
        ("sites/?limit=100", 2),
        ("deviations/?limit=100", 2),
        ("response-tasks/?limit=100", 2),
        ("cdmos/{cdmo}/", 3),
        ("cdmos/{cdmo}/history/", 4),
    ],
)
def test_statements_stay_within_the_budget_and_do_not_grow(
    world: World, path: str, most: int, django_capture_on_commit_callbacks
) -> None:
    nina, path = Caller(world.nina), path.format(cdmo=world.lyra.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert nina.get(path).status_code == 200  # the day's first call notes beside the key that it was used
    put_many_on_file(world.nina, ["Partner of before"])
    report(world.paul, world.lyra_site)
    before = statements(nina, path)
    put_many_on_file(world.nina, [f"Partner {number}" for number in range(60)])
    for _ in range(5):
        report(world.paul, world.lyra_site)
    after = statements(nina, path)
    assert len(before) == len(after) <= most, after
