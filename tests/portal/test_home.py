"""The partner's home at one sponsor: what is expected, what was answered, how times are kept, what is shared."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.models import DefaultLimit
from oversight.kernel.comments.saying import say
from oversight.kernel.trail.change import change
from oversight.web.portal.performance import counted, measures
from quality.models import Deviation, ResponseTask
from quality.records import DEVIATION
from tests.cast import World, sign_in
from tests.factories.deviation import report
from tests.quality.acting import CAUSE, Watch, act, contain, watch  # noqa: F401
from tests.web.reading import link, words

pytestmark = pytest.mark.django_db
HOME = "/portal/acme/"


@pytest.fixture
def paul(world: World, client: Client) -> Client:
    sign_in(client, world.paul)
    return client


def returned(world: World) -> Deviation:
    """An event whose root cause Nina returned."""
    event = report(world.paul, world.lyra_site, title="Lyra's event")
    contain(event, by=world.paul)
    act(event, "accept-report", by=world.nina)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    act(event, "return-root-cause", by=world.nina, reason="What was in the feed?")
    return event


def test_paul_sees_what_acme_expects_by_which_rule(world: World, paul: Client) -> None:
    event = returned(world)
    page = paul.get(HOME)
    text = words(page)
    assert "What Acme Therapeutics expects from Lyra Biologics AG" in text
    assert "Two items." in text
    assert "Corrected root cause" in text
    assert "The default of Oversight" in text
    assert link(page, f"Send root cause : {event.number}") == f"{HOME}deviations/{event.pk}/moves/submit-root-cause/"


def test_what_the_sponsor_set_itself_is_what_the_portal_says(world: World, paul: Client) -> None:
    before = words(paul.get(HOME))
    assert "Deviation Critical: contain in 60 min, tell us in 24 h" in before
    assert "Change by a supplier Tell us within 72 h" in before
    with change(by=world.nina, reason="Agreed"):
        for name, limit, unit in (("containment", 45, "MINUTES"), ("notice-minor", 5, "WORKING_DAYS")):
            DefaultLimit.objects.create(tenant_id=world.acme.pk, name=name, limit=limit, unit=unit)
    after = words(paul.get(HOME))
    assert "Deviation Critical: contain in 45 min, tell us in 24 h" in after
    assert "Change by a supplier Tell us within 5 working days" in after


def test_acme_answered(world: World, paul: Client) -> None:
    event = returned(world)
    with scope(world.nina):
        say(event, text="Between us: look at the operator.", by=world.nina, shared=False)
    text = words(paul.get(HOME))
    feed = text[text.index("Acme Therapeutics answered") :]
    assert f"Nina Berg returned the root cause of {event.number}" in feed
    assert f"Nina Berg accepted the report of {event.number}" in feed
    assert "wrote about" not in feed
    assert "Paul Keller" not in feed
    with scope(world.nina):
        say(event, text="We wait for the feed log.", by=world.nina, shared=True)
    text = words(paul.get(HOME))
    assert f"Nina Berg wrote about {event.number}" in text


def test_mine_is_what_i_can_do_now(world: World, paul: Client) -> None:
    returned(world)
    page = paul.get(f"{HOME}?whose=mine")
    assert len(re.findall(r"<tr>\s*<td>", page.content.decode())) == 2
    act(world_task(world), "take", by=world.paul)
    assert "You" in words(paul.get(f"{HOME}?whose=mine"))


def world_task(world: World) -> ResponseTask:
    """The one task of the CDMO."""
    with scope(world.paul):
        return ResponseTask.objects.get(side="CDMO")


def test_the_shares_count_what_they_say(world: World, watch: Watch) -> None:  # noqa: F811
    watch.say(10, 9)
    told = {"occurred_at": watch.at, "aware_at": watch.at, "notified_at": None}
    for turn in range(3):
        event = report(world.paul, world.lyra_site, title=f"Event {turn}", severity="CRITICAL", **told)
        if turn < 2:
            contain(event, by=world.paul)
    watch.say(12, 9)  # two days later the third is still not contained
    late = report(world.paul, world.lyra_site, title="Told late", severity="CRITICAL", **told)
    watch.say(13, 9)
    act(late, "accept-report", by=world.nina)
    act(late, "submit-root-cause", by=world.paul, **CAUSE)
    act(late, "return-root-cause", by=world.nina, reason="Why?")
    act(late, "submit-root-cause", by=world.paul, because_1="Another cause.")
    act(late, "accept-root-cause", by=world.nina, reason="It holds")
    watch.say(14, 9)
    with scope(world.paul):
        found = {each.name: (each.good, each.of, each.percent) for each in measures(world.paul, watch.at)}
    # Each event has a task to halt processing within four hours, which nobody did.
    assert found == {
        "notices": (3, 4, 75),
        "containments": (2, 4, 50),
        "answers": (2, 6, 33),
        "first-time": (0, 1, 0),
    }
    with scope(world.paul):
        kept = [each.kept for each in counted(world.paul, "notices", watch.at)]
        assert kept == [False, True, True, True]
        assert [each.what for each in counted(world.paul, "first-time", watch.at)] == ["Returned once"]
        much_later = {each.name: each.of for each in measures(world.paul, watch.at + timedelta(days=91))}
    assert (much_later["notices"], much_later["first-time"]) == (0, 0)
    with scope(world.olga):
        assert [each.of for each in measures(world.olga, watch.at)] == [0, 0, 0, 0]


def test_what_is_shared_is_told_from_the_declarations(world: World, paul: Client) -> None:
    text = words(paul.get(f"{HOME}what-is-shared/"))
    row = text[text.index("Deviations You add to them, too") : text.rindex("Response tasks")]
    assert [name for name in DEVIATION.partner_sees or () if DEVIATION.label_of(name) not in row] == []
    tasks = text[text.rindex("Response tasks") :]
    assert "What was done" not in tasks
    assert "Owner" not in tasks
    assert link(paul.get(HOME), "What is shared?") == f"{HOME}what-is-shared/"


def test_the_own_record_stays_within_reach(world: World, paul: Client) -> None:
    where = link(paul.get(HOME), "Our record")
    assert where == f"/portal/acme/cdmos/{world.lyra.pk}/"
    assert "Lyra Basel" in words(paul.get(where))


def test_a_draft_waits_on_the_home(world: World, paul: Client) -> None:
    of = f"{HOME}deviations/new/?event_type=RELEASE_OOS"
    paul.post(f"{HOME}drafts/", {"draft_of": of, "title": "Assay 93.1%"})
    page = paul.get(HOME)
    assert "Not sent yet" in words(page)
    assert link(page, "New deviation") == of


def test_the_form_knows_what_can_be_known(world: World, paul: Client) -> None:
    page = paul.get(f"{HOME}deviations/new/?event_type=RELEASE_OOS&severity=MAJOR").content.decode()
    assert f'<option value="{world.lyra_site.pk}" selected>' in page
    assert '<option value="RELEASE_OOS" selected>' in page
    assert re.search(r'value="MAJOR"[^>]*checked', page)
    assert len(re.findall(r'name="(?:occurred|aware)_at" value="20\d\d-', page)) == 2
    assert page.index("<details") < page.index('name="site"')
    refused = paul.post(f"{HOME}deviations/new/", {"title": "Half a report"})
    assert refused.status_code == 422
    assert "How serious is it?" in words(refused)
    assert "Choose how serious it is." in words(refused)


def test_the_home_costs_the_same_however_much_waits(world: World, paul: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as told:
            assert paul.get(HOME).status_code == 200
        return len([one for one in told if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    returned(world)
    paul.get(HOME)
    before = cost()
    for turn in range(12):
        report(world.paul, world.lyra_site, title=f"Turn {turn}")
    print(f"\nportal home: {before} statements")
    assert cost() == before
    assert before <= 19
