"""Who may not be told is held twice: each second guard by itself, where the first has let something through."""

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.comments.saying import say
from oversight.kernel.notifications import announcing
from oversight.kernel.notifications.announcing import announce
from oversight.kernel.notifications.audience import Audience
from oversight.kernel.outbox.models import Event
from quality.models import Deviation
from techtransfer.records import EARLY_WARNING
from tests.cast import World, system
from tests.factories.deviation import report
from tests.factories.early_warning import warning

from .telling import deliver_all, rows, told


def test_no_partner_hears_of_records_of_its_own_that_are_not_shared_with_it(world: World) -> None:
    guess = warning(world.omar, world.lyra_site, "Lyra's step")
    house = system(world.acme)
    with scope(house):
        members = Audience(guess, house, kind=EARLY_WARNING).members
    assert world.omar.membership in members
    assert not [each.name for each in members.values() if each.is_partner]


def test_a_notice_of_talk_that_is_out_of_sight_is_not_shown(world: World) -> None:
    """Nobody writes such a notice; one that stands there all the same tells nothing."""
    deviation = report(world.paul, world.lyra_site)
    with scope(world.nina):
        say(deviation, text="@Omar Haddad, between us", by=world.nina, shared=False, view="deviation.view")
    deliver_all(world)
    (omars,) = [row for row in rows(world.omar) if row.comment_id]
    before = told(world.paul)
    with scope(system(world.acme)):
        omars.pk, omars.letter, omars._state.adding = None, None, True
        omars.membership_id, omars.cdmo_id, omars.of_partner = world.paul.membership, world.lyra.pk, True
        omars.save()
    assert [row.what for row in rows(world.paul)] != [] and told(world.paul) == before


def test_internal_talk_is_the_sponsors_whatever_a_rule_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def everybody_else(event: Event, record: Deviation, audience: Audience) -> list[tuple[str, frozenset[int]]]:
        return [("mentioned", audience.of(audience.members))]

    monkeypatch.setattr(announcing, "rule_of", lambda name: everybody_else)
    deviation = report(world.paul, world.lyra_site)
    with scope(world.nina):
        say(deviation, text="Between us", by=world.nina, shared=False, view="deviation.view")
    with scope(system(world.acme)):
        said = Event.objects.get(name="comment.said")
        announce(said, system(world.acme))
    assert [row.comment_id for row in rows(world.omar)] == [said.facts["comment"]]
    assert rows(world.paul) == []
