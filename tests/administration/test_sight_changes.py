"""When other CDMOs are opened to a member, what is the member's own goes along; and no list tells of other sponsors."""

import re

from django.test import Client

from cdmos.models import CDMO
from oversight.kernel.access.grants import narrow, open_to
from oversight.kernel.access.models import Membership, Policy
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.notifications.calendar_keys import renew
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.accounts.acting import ask_second_factor
from tests.cast import World, join, person, sign_in

CALENDAR = "/acme/notices/calendar/"
VIEWS = "/acme/deviations/views/"


def open_only(world: World, actor: Actor, cdmo: CDMO) -> None:
    """Adam narrows the member to one CDMO, on the page of settings."""
    adam = Client()
    sign_in(adam, world.adam)
    with scope(world.adam):
        member = Membership.objects.get(pk=actor.membership)
    typed = {
        "role": member.role, "org": member.org, "valid_from": "2026-01-01", "valid_until": "", "sight": "SOME",
        "sees": [cdmo.pk], "version": member.version, "reason": "Other partner",
    }  # fmt: skip
    answer = adam.post(f"/acme/settings/people/{member.pk}/change/", typed)
    assert answer.status_code == 302, answer.content.decode()


def calendar_of(actor: Actor) -> str:
    with scope(actor):
        return f"/calendar/{renew(by=actor)}.ics"


def test_a_calendar_is_revoked_and_renewed_after_other_cdmos_were_opened(world: World, client: Client) -> None:
    for actor, cdmo in ((world.connie, world.orion), (world.omar, world.lyra)):
        address = calendar_of(actor)
        open_only(world, actor, cdmo)
        sign_in(client, actor)
        assert client.post(CALENDAR, {"do": "renew"}).status_code == 200
        assert Client().get(address).status_code == 404
        client.post(CALENDAR, {"do": "revoke"})
        client.logout()


def test_views_and_preferences_go_along(world: World, client: Client) -> None:
    sign_in(client, world.connie)
    page = client.get("/acme/notices/preferences/").content.decode()
    chosen = dict(re.findall(r'name="([a-z_A-Z]+)"[^>]*value="([A-Z_]+)"', page))
    view = {"name": "Mine", "view": "status=open"}
    assert client.post("/acme/notices/preferences/", chosen).status_code == 302
    assert client.post(VIEWS, view).status_code == 302
    open_only(world, world.connie, world.orion)
    assert client.post("/acme/notices/preferences/", chosen).status_code == 302
    assert "Mine" in client.get("/acme/deviations/").content.decode()


def test_a_name_of_a_shared_view_reaches_nobody_to_whom_its_cdmo_is_not_open(world: World, client: Client) -> None:
    with change(by=world.adam, reason="More to review"):
        open_to(Membership.objects.get(pk=world.connie.membership), world.orion)
        otto = join(world.acme, person("Otto Lang"), Role.QA_REVIEWER, "Lang Consulting")
        narrow(Membership.objects.get(pk=otto.membership), to=[world.lyra])
    sign_in(client, world.connie)
    shared = {"name": "Orion's second line", "view": f"cdmo={world.orion.pk}", "shared": "yes"}
    assert client.post(VIEWS, shared).status_code == 302
    client.logout()
    sign_in(client, otto)
    assert "second line" not in client.get("/acme/deviations/").content.decode()


def test_the_trail_offers_no_name_of_who_never_came(lasting_world: World, client: Client) -> None:
    with change(by=lasting_world.adam, reason="Reviews with us"):
        joined = {"user_id": lasting_world.riva.user, "role": Role.QA_REVIEWER, "org": "Acme Therapeutics"}
        Membership.objects.create(tenant=lasting_world.acme, valid_from="2026-01-01", **joined)
    sign_in(client, lasting_world.vera)
    page = client.get("/acme/audit-trail/").content.decode()
    assert ("Nina Berg" in page, "Riva Stone" in page) == (True, False)


def test_a_calendar_waits_for_the_second_factor_as_every_door_does(world: World, client: Client) -> None:
    address = calendar_of(world.omar)
    assert client.get(address).status_code == 200
    ask_second_factor(world.adam, Policy.SecondFactor.EVERYBODY)
    assert client.get(address).status_code == 404
