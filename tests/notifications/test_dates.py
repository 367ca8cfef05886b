"""Who hears that dates moved: whoever answers for them, once until it is read, and no partner of another's cause."""

import re

import pytest
from django.core import mail

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.notifications.announcing import announce
from oversight.kernel.notifications.groups import Group, Way
from oversight.kernel.notifications.reading import mark_read
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.writing import perform
from oversight.roles import Role
from techtransfer.models import ImpactAlert
from techtransfer.workflows.impact_alert import IMPACT_ALERT_WORKFLOW
from tests.batches.acting import critical
from tests.cast import World, join, person, system
from tests.factories.batch import act, batch
from tests.factories.milestone import put
from tests.portal.moving import Planned, fresh, plan_soon, settle, will_end_later

from .telling import letters, rows, shown, told
from .test_letters import post_all, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon(world: World) -> Planned:
    """The study is Omar's; Nina answers for the filling."""
    found = plan_soon(world)
    put(world, found.fill, owner_id=world.nina.user, owner_name="Nina Berg")
    return found


def said(actor: Actor) -> list[str]:
    """Each line with its title, newest first."""
    return [f"{re.sub(r'<[^>]+>', '', item.line)}: {item.title}" for item in shown(actor)]


def alerts(world: World) -> dict[str, str]:
    """The numbers of the alerts by what they say."""
    with scope(world.nina):
        return {one.title: one.number for one in ImpactAlert.objects.order_by("id")}


def test_owners_hear_of_it_and_partners_of_their_own(world: World, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    number = {title.split(" ")[0]: key for title, key in alerts(world).items()}
    assert said(world.omar) == [f"Dates moved, {number['ACM-101-2']}: ACM-101-2 starts 4 days later"]
    assert said(world.nina) == [f"Dates moved, {number['One']}: One step of ACM-101 moved 4 days later"]
    assert said(world.olga) == said(world.nina), "the alert of Orion's step has one title for all"
    assert said(world.paul) == [], "he moved it himself"
    for other in (world.vera, world.adam, world.connie, world.vito, world.riva, world.petra):
        assert said(other) == [], other.name


def test_the_colleagues_of_who_moved_it_hear_of_it(world: World, soon: Planned) -> None:
    with change(by=system(world.acme), reason="Joined"):
        pia = join(world.acme, person("Pia Roth"), Role.CDMO_PROJECT, "Lyra Biologics AG", world.lyra)
    will_end_later(world, soon.make, 4, by=world.paul)
    assert said(pia)[0].endswith("2 steps of ACM-101 moved up to 4 days later")
    assert [item.sentence.sort for item in shown(pia)] == ["Steps of yours moved"]
    assert [notice.who for notice in rows(pia)] == [""], "the forecast tells it, nobody by name"


def test_who_reports_what_holds_a_batch_hears_what_it_does(world: World, soon: Planned) -> None:
    made = batch(world.omar, world.lyra_site, programme=soon.programme, make_step=fresh(world, soon.make))
    act(made, "start", world.paul)
    settle(world)
    critical(world, made)
    settle(world)
    assert [what for what, _ in told(world.paul) if what == "steps-moved"] == ["steps-moved"]
    assert [what for what, _ in told(world.omar) if "moved" in what] == ["study-moved"]


def test_it_is_told_once_until_it_is_read(world: World, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    will_end_later(world, soon.make, 3, by=world.paul)
    assert said(world.omar)[0].endswith("ACM-101-2 starts 7 days later"), "the notice says what holds now"
    assert len(rows(world.omar)) == len(rows(world.olga)) == 1
    with scope(world.omar):
        mark_read(world.omar)
    will_end_later(world, soon.make, 1, by=world.paul)
    assert len(rows(world.omar)) == 2
    assert len(rows(world.olga)) == 1, "she has not read the first"


def test_what_was_seen_is_a_new_alert_when_more_moves(world: World, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    with scope(world.olga):
        hers = ImpactAlert.objects.visible_to(world.olga).get()
        perform(IMPACT_ALERT_WORKFLOW, "acknowledge", hers.pk, by=world.olga)
    settle(world)
    will_end_later(world, soon.make, 3, by=world.paul)
    assert [line.split(": ")[1] for line in said(world.olga)] == [
        "One step of ACM-101 moved 3 days later",
        "One step of ACM-101 moved 4 days later",
    ]


def test_a_redelivered_event_makes_no_second_notice(world: World, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    acme = system(world.acme)
    before = {name: len(rows(getattr(world, name))) for name in ("omar", "nina", "olga", "paul")}
    with scope(acme):
        for event in Event.objects.filter(name__startswith="impact_alert."):
            announce(event, acme)
    assert (
        {name: len(rows(getattr(world, name))) for name in before}
        == before
        == {"omar": 1, "nina": 1, "olga": 1, "paul": 0}
    )


def test_what_was_seen_before_anybody_could_be_told_is_not_news(world: World, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    acme = system(world.acme)
    with scope(acme):
        event = Event.objects.get(name="impact_alert.raised", record_id=ImpactAlert.objects.get(cdmo=world.orion).pk)
    put(world, ImpactAlert(pk=event.record_id, tenant_id=world.acme.pk), status="SEEN")
    with change(by=system(world.acme), reason="Joined"):
        late = join(world.acme, person("Lara Quist"), Role.CDMO_QA, "Orion Fill GmbH", world.orion)
    with scope(acme):
        announce(event, acme)
    assert rows(late) == []


def test_the_digest_names_no_date_and_no_study(world: World, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    (letter,) = letters(world.omar)
    assert letter.slot.startswith("day-")
    post_all(world)
    (sent,) = [each for each in mail.outbox if each.to == ["omar@example.com"]]
    number = alerts(world)["ACM-101-2 starts 4 days later"]
    assert f"Study start moved, {number}\n" in sent.body
    for word in ("ACM-101", "4 days", "Lyra", "Paul", "Make"):
        assert word not in sent.body, word


def test_dates_are_a_group_of_their_own(world: World, soon: Planned) -> None:
    want(world.omar, DATES=Way.NONE)
    want(world.nina, DATES=Way.INSTANT)
    will_end_later(world, soon.make, 4, by=world.paul)
    assert letters(world.omar) == []
    (at_once,) = letters(world.nina)
    assert at_once.slot.startswith("event-")
    assert [notice.group for notice in rows(world.omar)] == [Group.DATES]
