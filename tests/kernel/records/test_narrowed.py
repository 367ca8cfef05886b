"""Nora of Acme may write, but sees only Lyra: what is out of her sight never breaks a page, and is never named."""

import pytest

from cdmos.models import CDMO
from oversight.kernel.access.grants import narrow
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import World, join, person, sign_in, system
from tests.kernel.records.filing import NEW_CDMO, NEW_SITE, as_sent, now
from tests.web.reading import beside, link, summary, words

pytestmark = pytest.mark.django_db

NEUTRAL = "This name cannot be used here. Ask your sponsor's QA."


@pytest.fixture
def nora(world: World, client):
    """A CMC lead, who might put CDMOs on file if she saw them all."""
    with change(by=system(world.acme), reason="Helps out"):
        nora = join(world.acme, person("Nora Quist"), Role.CMC_LEAD, world.acme.name)
        narrow(Membership.objects.get(pk=nora.membership), to=[world.lyra])
    sign_in(client, nora)
    return client


@pytest.mark.parametrize("name", ["Orion Fill", "ORION fill"])
def test_a_name_that_is_taken_out_of_sight_is_refused_without_a_word_about_it(world, nora, name):
    sent = as_sent(world.nina, world.lyra.pk) | {"name": name, "reason": "Renamed"}
    answer = nora.post(f"/acme/cdmos/{world.lyra.pk}/amend/", sent)
    assert answer.status_code == 422
    assert beside(answer, "name") == NEUTRAL
    assert summary(answer) == [("id_name", f"Name: {NEUTRAL}")]
    assert f"/acme/cdmos/{world.orion.pk}/" not in answer.content.decode()
    assert "already" not in words(answer)
    stands = now(world.nina, world.lyra.pk)
    assert (stands.name, stands.version, stands.versions) == ("Lyra Biologics", 1, 1)


def test_what_is_in_sight_is_said_plainly(world, nora):
    answer = nora.post("/acme/sites/new/", NEW_SITE | {"name": "Lyra Basel", "cdmo": world.lyra.pk})
    assert (answer.status_code, beside(answer, "name")) == (422, "This CDMO has a site of this name already.")


def test_who_could_not_see_it_afterwards_puts_no_cdmo_on_file(world, nora):
    page = nora.get("/acme/cdmos/")
    assert page.status_code == 200
    assert link(page, "Add CDMO") is None
    assert nora.get("/acme/cdmos/new/").status_code == 403
    assert nora.post("/acme/cdmos/new/", NEW_CDMO).status_code == 403
    with scope(world.nina):
        assert not CDMO.objects.visible_to(world.nina).filter(name=NEW_CDMO["name"]).exists()


def test_a_site_of_a_cdmo_in_sight_may_be_put_on_file(world, nora):
    assert link(nora.get("/acme/sites/"), "Add site") == "/acme/sites/new/"
    answer = nora.post("/acme/sites/new/", NEW_SITE | {"cdmo": world.lyra.pk})
    assert answer.status_code == 302
    assert nora.get(answer["Location"]).status_code == 200


def test_a_site_of_a_cdmo_out_of_sight_may_not(world, nora):
    answer = nora.post("/acme/sites/new/", NEW_SITE | {"cdmo": world.orion.pk})
    assert (answer.status_code, beside(answer, "cdmo")) == (422, "Choose a CDMO from the list.")
