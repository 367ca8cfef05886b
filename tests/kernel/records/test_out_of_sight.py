"""What is out of sight answers like what never was; what is in sight but not allowed says so."""

import pytest

from tests.cast import sign_in
from tests.kernel.records.filing import as_sent, now

pytestmark = pytest.mark.django_db

PAGES = ("{}/{}/", "{}/{}/amend/", "{}/{}/history/")
NEVER = 999_999_999
HUGE = 10**25


@pytest.mark.requirement("ASVS-4.2.1")
@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_record_and_one_that_never_was_answer_the_same_bytes(world, client, page):
    sign_in(client, world.nina)
    for kind, foreign in (("cdmos", world.foreign), ("sites", world.foreign_site)):
        answers = [client.get("/acme/" + page.format(kind, pk)) for pk in (foreign.pk, NEVER, HUGE)]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("page", ("{}/{}/", "{}/{}/history/"))
def test_the_other_partners_records_never_were(world, client, page):
    sign_in(client, world.olga)
    for kind, other in (("cdmos", world.lyra), ("sites", world.lyra_site)):
        answers = [client.get("/portal/acme/" + page.format(kind, pk)) for pk in (other.pk, NEVER)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content


def test_every_wrong_door_is_the_same_page(world, client):
    sign_in(client, world.paul)
    nowhere = client.get("/portal/acme/nothing/at/all/")
    for path in ("/acme/", "/acme/cdmos/", "/rival/cdmos/", "/portal/rival/", "/portal/nobody/", "/nobody/"):
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 404)
        assert answer.content == nowhere.content


def test_a_consultant_sees_the_granted_cdmo_only(world, client):
    sign_in(client, world.connie)
    assert client.get(f"/acme/cdmos/{world.lyra.pk}/").status_code == 200
    assert client.get(f"/acme/sites/{world.lyra_site.pk}/").status_code == 200
    assert client.get(f"/acme/cdmos/{world.orion.pk}/").status_code == 404
    assert client.get(f"/acme/sites/{world.orion_site.pk}/").status_code == 404
    assert f'<option value="{world.orion.pk}"' not in client.get("/acme/sites/").content.decode()


def test_a_viewer_may_not_write_and_nothing_changes(world, client):
    sign_in(client, world.vera)
    pk = world.lyra.pk
    sent = as_sent(world.vera, pk) | {"name": "Taken over", "reason": "Because"}
    page = client.get(f"/acme/cdmos/{pk}/").content
    assert b"/amend/" not in page
    assert client.get(f"/acme/cdmos/{pk}/amend/").status_code == 403
    assert client.post(f"/acme/cdmos/{pk}/amend/", sent).status_code == 403
    assert client.post("/acme/cdmos/new/", {"name": "New"}).status_code == 403
    assert (now(world.nina, pk).name, now(world.nina, pk).versions) == ("Lyra Biologics", 1)


@pytest.mark.requirement("ASVS-1.4.1")
def test_a_foreign_amendment_changes_nothing(world, client):
    sign_in(client, world.nina)
    sent = as_sent(world.riva, world.foreign.pk) | {"name": "Taken over", "reason": "Because"}
    assert client.post(f"/acme/cdmos/{world.foreign.pk}/amend/", sent).status_code == 404
    assert (now(world.riva, world.foreign.pk).name, now(world.riva, world.foreign.pk).versions) == ("Lyra Biologics", 1)


def test_anonymous_is_sent_to_sign_in_and_back(world, client):
    answer = client.get(f"/acme/cdmos/{world.lyra.pk}/?x=1")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/accounts/login/?next=/acme/cdmos/{world.lyra.pk}/%3Fx%3D1",
    )
