"""The bell, the page of notices, and the page of preferences, at both doors."""

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.scope import scope
from oversight.kernel.comments.saying import say
from oversight.kernel.notifications.groups import Group, Way
from oversight.kernel.notifications.models import Notice
from oversight.kernel.notifications.preferences import chosen
from oversight.kernel.notifications.reading import PAGE, unread
from oversight.roles import Role
from tests.cast import World, sign_in
from tests.factories.deviation import report

from .telling import deliver_all, rows, told

pytestmark = pytest.mark.django_db


def page(client: Client, path: str, status: int = 200) -> str:
    """What the page says."""
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:500]
    return unescape(response.content.decode())


def post(client: Client, path: str, status: int, **fields: str) -> str:
    response = client.post(path, fields)
    assert response.status_code == status, response.content.decode()[:2000]
    return unescape(response.content.decode())


def test_the_bell_has_a_dot_until_all_is_read(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    assert 'aria-label="Notices"' in page(client, "/acme/cdmos/")
    for number in range(3):
        report(world.paul, world.lyra_site, partner_number=f"LB-{number}")
    deliver_all(world)
    shown = page(client, "/acme/cdmos/")
    assert 'aria-label="Notices, 3 unread"' in shown and "btn__dot" in shown
    newest = rows(world.nina)[0]
    client.get(f"/acme/notices/{newest.pk}/")
    assert 'aria-label="Notices, 2 unread"' in page(client, "/acme/cdmos/")
    post(client, "/acme/notices/read/", 302)
    shown = page(client, "/acme/notices/")
    assert 'aria-label="Notices"' in shown and "2 are marked as read." in shown and "All read." in shown
    assert "3 unread" not in shown and "btn__dot" not in shown


def test_the_page_stands_by_day_with_words_for_what_is_unread(world: World, client: Client) -> None:
    assert "Nothing yet" in page_of(client, world)
    deviation = report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    shown = page(client, "/acme/notices/")
    assert "<h2>Today</h2>" in shown and ">Unread</span>" in shown
    (notice,) = rows(world.nina)
    assert f'<b>Lyra Biologics AG</b> reported <a href="/acme/notices/{notice.pk}/">{deviation.number}</a>' in shown
    assert client.head(f"/acme/notices/{notice.pk}/").status_code == 302
    assert rows(world.nina)[0].read_at is None, "asking for the headers is not reading"
    assert client.get(f"/acme/notices/{notice.pk}/").headers["Location"] == f"/acme/deviations/{deviation.pk}/"
    assert rows(world.nina)[0].read_at is not None
    assert "All read" in page(client, "/acme/notices/?show=unread")
    assert deviation.number in page(client, "/acme/notices/")


def page_of(client: Client, world: World) -> str:
    sign_in(client, world.nina)
    return page(client, "/acme/notices/")


def test_a_long_page_goes_on_and_costs_the_same(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    report(world.paul, world.lyra_site, partner_number="LB-0")
    deliver_all(world)
    page(client, "/acme/notices/")
    with CaptureQueriesContext(connection) as few:
        page(client, "/acme/notices/")
    for number in range(1, PAGE + 6):
        report(world.paul, world.lyra_site, partner_number=f"LB-{number}")
    deliver_all(world)
    with CaptureQueriesContext(connection) as many:
        first = page(client, "/acme/notices/")
    assert len(few) == len(many), [each["sql"][:90] for each in many]
    print(f"the page of notices: {len(many)} statements at 1 and at {PAGE} lines")
    last = rows(world.nina)[PAGE - 1]
    assert f"?after={last.pk}" in first and first.count("feed__mark") == PAGE
    second = page(client, f"/acme/notices/?after={last.pk}")
    assert second.count("feed__mark") == 6 and "Older" not in second
    assert page(client, "/acme/notices/?after=99999999999999999999999").count("feed__mark") == PAGE


def test_nobody_opens_anothers_notice(world: World, client: Client) -> None:
    report(world.paul, world.lyra_site, severity="CRITICAL")
    report(world.riva, world.foreign_site, world.foreign, severity="CRITICAL")
    deliver_all(world)
    (ninas,), (connies,), (petras,) = rows(world.nina), rows(world.connie), rows(world.petra)
    for actor, door in ((world.omar, "/acme"), (world.paul, "/portal/acme"), (world.olga, "/portal/acme")):
        visitor = Client()
        sign_in(visitor, actor)
        for notice in (ninas, connies, petras):
            page(visitor, f"{door}/notices/{notice.pk}/", 404)
    sign_in(client, world.nina)
    page(client, f"/acme/notices/{connies.pk}/", 404)
    page(client, f"/acme/notices/{petras.pk}/", 404)
    post(client, "/acme/notices/read/", 302)
    assert [row.read_at is None for row in (*rows(world.nina), *rows(world.connie))] == [False, True]


def test_the_database_alone_keeps_notices_to_their_side(world: World) -> None:
    """Without any filter of Django: a partner's connection holds its own company's notices, no others."""
    deviation = report(world.omar, world.lyra_site, world.lyra, severity="CRITICAL")
    with scope(world.nina):
        say(deviation, text="internal", by=world.nina, shared=False, view="deviation.view")
    report(world.omar, world.orion_site, world.orion)
    report(world.riva, world.foreign_site, world.foreign)
    deliver_all(world)
    for actor, expected in (
        (world.paul, {world.paul.membership}),
        (world.olga, {world.olga.membership}),
        (world.petra, {world.petra.membership}),
    ):
        with scope(actor):
            assert set(Notice.objects.values_list("membership_id", flat=True)) == expected


def test_the_page_shows_no_word_of_others(world: World, client: Client) -> None:
    for reporter, site, cdmo in (
        (world.paul, world.lyra_site, None),
        (world.olga, world.orion_site, None),
        (world.riva, world.foreign_site, world.foreign),
    ):
        report(reporter, site, cdmo, title=f"{site.name} canary")
    deliver_all(world)
    connie = Client()
    sign_in(connie, world.connie)
    shown = page(connie, "/acme/notices/")
    assert "Lyra Basel canary" in shown and "Orion" not in shown and "Rival" not in shown
    sign_in(client, world.olga)
    assert "canary" not in page(client, "/portal/acme/notices/")


def test_talk_leads_to_the_comment(world: World, client: Client) -> None:
    deviation = report(world.paul, world.lyra_site)
    with scope(world.nina):
        comment = say(deviation, text="Which column?", by=world.nina, shared=True, view="deviation.view")
    deliver_all(world)
    sign_in(client, world.paul)
    (notice,) = rows(world.paul)
    opened = client.get(f"/portal/acme/notices/{notice.pk}/")
    assert opened.headers["Location"] == f"/portal/acme/deviations/{deviation.pk}/#comment-{comment.pk}"


def test_a_link_of_a_letter_survives_signing_in(world: World, client: Client) -> None:
    report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    (notice,) = rows(world.nina)
    asked = client.get(f"/acme/notices/{notice.pk}/")
    assert asked.status_code == 302
    assert asked.headers["Location"] == f"/accounts/login/?next=/acme/notices/{notice.pk}/"
    signed_in = client.post(
        asked.headers["Location"],
        {
            "login": "nina@example.com",
            "password": "correct horse battery staple",
            "next": f"/acme/notices/{notice.pk}/",
        },
    )
    assert signed_in.headers["Location"] == f"/acme/notices/{notice.pk}/"


def test_preferences_are_kept_and_the_quality_unit_hears_of_what_is_critical(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    shown = page(client, "/acme/notices/preferences/")
    assert "Once a day means at 07:00, Europe/Zurich." in shown
    assert 'id="CRITICAL-NONE"' not in shown and 'id="HOUSE-NONE"' not in shown
    wish = {group.value: "NONE" for group in Group if group != Group.HOUSE}
    refused = post(client, "/acme/notices/preferences/", 422, **wish)
    assert "Critical events come to the quality unit by e-mail" in refused and 'href="#CRITICAL-INSTANT"' in refused
    assert 'id="TALK-NONE" value="NONE" checked' in refused, "what was chosen is kept on the page"
    with scope(world.nina):
        assert chosen(world.nina)[Group.TALK] == Way.DAILY, "nothing of a refused form is kept"
    post(client, "/acme/notices/preferences/", 302, **wish | {"CRITICAL": "DAILY"})
    assert "Your choice is kept." in page(client, "/acme/notices/preferences/")
    with scope(world.nina):
        assert chosen(world.nina) == {
            **dict.fromkeys(Group, Way.NONE), Group.CRITICAL: Way.DAILY, Group.HOUSE: Way.INSTANT,
        }  # fmt: skip
    with scope(world.connie):
        assert chosen(world.connie)[Group.TALK] == Way.DAILY, "each for oneself"


def test_nonsense_is_refused_in_words(world: World, client: Client) -> None:
    sign_in(client, world.paul)
    refused = post(client, "/portal/acme/notices/preferences/", 422, CRITICAL="HOURLY")
    assert refused.count("Choose how you want to hear of this.") >= 6


def test_administrators_hear_of_webhooks(world: World, client: Client) -> None:
    from oversight.kernel.outbox import publish
    from oversight.kernel.outbox.webhooks import create_webhook
    from oversight.kernel.trail.change import change

    assert world.adam.role == Role.ADMIN
    with scope(world.adam):
        webhook, _ = create_webhook(by=world.adam, url="https://203.0.113.9/hook", events=["deviation.*"])
    with change(by=world.adam, reason="Given up"):
        publish("webhook.given_up", record=webhook, by=world.adam, delivery=1, event=1)
    deliver_all(world)
    assert told(world.adam) == [], "he did it himself"
    from tests.cast import system

    with change(by=system(world.acme), reason="Given up"):
        publish("webhook.given_up", record=webhook, by=system(world.acme), delivery=1, event=1)
    deliver_all(world)
    assert [what for what, _ in told(world.adam)] == ["webhook"]
    with scope(world.nina):
        assert unread(world.nina) == 0
    sign_in(client, world.adam)
    assert "A delivery to the webhook" in page(client, "/acme/notices/")
