"""Every kind of the catalogue: `visible_to` alone, on a connection to which the database shows every row."""

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import acting_as
from oversight.kernel.records.kind import RecordKind
from tests.cast import World

from .specimens import EACH_KIND, NAMES, Specimen

SEES = {
    "nina": {"own", "sibling"},
    "connie": {"own"},
    "paul": {"own"},
    "olga": {"sibling"},
    "riva": {"foreign"},
}


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_the_filter_holds_where_the_database_does_not_help(
    lasting_world: World, kind: RecordKind, specimen: Specimen
) -> None:
    keys = {which: getattr(specimen, which)(lasting_world).pk for which in ("own", "sibling", "foreign")}
    with acting_as("auditor"):
        for name, sees in SEES.items():
            actor, expected = getattr(lasting_world, name), sorted(keys[which] for which in sees)
            with scope(actor):
                assert set(kind.model.objects.values_list("pk", flat=True)) == set(keys.values()), "no second wall"
                assert sorted(kind.model.objects.visible_to(actor).values_list("pk", flat=True)) == expected, name
                history = kind.model.history
                assert set(history.values_list("id", flat=True)) == set(keys.values()), "no second wall"
                assert sorted(history.visible_to(actor).values_list("id", flat=True)) == expected, name
