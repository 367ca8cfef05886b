"""Every kind of the catalogue: `visible_to` alone, on a connection to which the database shows every row."""

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import acting_as
from oversight.kernel.records.kind import RecordKind
from tests.cast import World

from .specimens import EACH_KIND, NAMES, Specimen, held_by_cdmo, in_portal

SEES = {
    # who: which of the three records of a kind that CDMOs hold, and of one that is the sponsor's own
    "nina": ({"own", "sibling"}, {"own", "sibling"}),
    "connie": ({"own"}, {"own", "sibling"}),
    "paul": ({"own"}, set()),
    "olga": ({"sibling"}, set()),
    "riva": ({"foreign"}, {"foreign"}),
}


@pytest.mark.requirement("ASVS-1.4.4")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_the_filter_holds_where_the_database_does_not_help(
    lasting_world: World, kind: RecordKind, specimen: Specimen
) -> None:
    keys = {which: getattr(specimen, which)(lasting_world).pk for which in ("own", "sibling", "foreign")}
    with acting_as("auditor"):
        for name, (of_cdmos, of_sponsor) in SEES.items():
            actor = getattr(lasting_world, name)
            sees = of_sponsor if not held_by_cdmo(kind) or (actor.is_partner and not in_portal(kind)) else of_cdmos
            expected = sorted(keys[which] for which in sees)
            with scope(actor):
                assert set(kind.model.objects.values_list("pk", flat=True)) == set(keys.values()), "no second wall"
                assert sorted(kind.model.objects.visible_to(actor).values_list("pk", flat=True)) == expected, name
                history = kind.model.history
                assert set(history.values_list("id", flat=True)) == set(keys.values()), "no second wall"
                assert sorted(history.visible_to(actor).values_list("id", flat=True)) == expected, name
