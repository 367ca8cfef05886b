"""A form that is left half way waits for whoever typed it, and for nobody else."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import scope
from oversight.kernel.records.drafts import MOST_DRAFTS, throw_away_old_drafts
from oversight.kernel.records.models import Draft
from oversight.kernel.trail.change import change
from oversight.roles import Role
from quality.models import Deviation
from tests.cast import PASSWORD, World, join, person, raw, sign_in, system
from tests.factories.deviation import report, typed
from tests.quality.acting import act
from tests.web.reading import words

from .typing import keep, kept, let_the_session_run_out

pytestmark = pytest.mark.django_db
NEW = "/portal/acme/deviations/new/"


@pytest.fixture
def paul(world: World, client: Client) -> Client:
    sign_in(client, world.paul)
    return client


def test_paul_leaves_a_report_half_way_and_finds_it_again(world: World, paul: Client) -> None:
    answer = keep(paul, NEW, title="Pressure above 3.0 bar", severity="CRITICAL", site="", nonsense="x")
    assert answer["status"] == 200
    assert re.fullmatch(r"Draft saved \d\d:\d\d", answer["words"])
    assert kept(world.paul) == [(NEW, {"title": "Pressure above 3.0 bar", "severity": "CRITICAL", "site": ""})]
    page = paul.get(NEW)
    assert re.search(r"Draft of \d\d:\d\d restored\. Nothing of it is saved yet\.", words(page))
    assert 'value="Pressure above 3.0 bar"' in page.content.decode()
    with scope(world.nina):
        assert Deviation.objects.count() == 0


def test_a_report_that_is_sent_leaves_no_draft(world: World, paul: Client) -> None:
    keep(paul, NEW, title="Half a")
    told = typed(world)
    del told["cdmo"]
    assert paul.post(NEW, told | {"draft": "1", "title": ""}).status_code == 422
    assert len(kept(world.paul)) == 1
    again = paul.post(NEW, told | {"draft": "1"})
    assert again.status_code == 302
    assert kept(world.paul) == []


def test_each_start_of_a_form_has_its_own_draft(world: World, paul: Client) -> None:
    keep(paul, f"{NEW}?event_type=RELEASE_OOS", title="Assay 93.1%")
    keep(paul, f"{NEW}?event_type=RELEASE_OOS", title="Assay 93.2%")
    assert "restored" not in words(paul.get(NEW))
    assert "restored" in words(paul.get(f"{NEW}?event_type=RELEASE_OOS"))
    assert [values["title"] for _, values in kept(world.paul)] == ["Assay 93.2%"]


def test_a_draft_is_thrown_away_by_its_owner_alone(world: World, paul: Client) -> None:
    number = keep(paul, NEW, title="Never mind")["draft"]
    other = Client()
    sign_in(other, world.olga)
    assert other.post(f"/portal/acme/drafts/{number}/discard/").status_code == 404
    assert paul.get(f"/portal/acme/drafts/{number}/discard/").status_code == 405
    answer = paul.post(f"/portal/acme/drafts/{number}/discard/")
    assert (answer.status_code, answer["Location"]) == (302, NEW)
    assert kept(world.paul) == []
    assert "restored" not in words(paul.get(NEW))


def test_the_list_shows_ones_own(world: World, paul: Client) -> None:
    record = report(world.paul, world.lyra_site)
    keep(paul, f"{NEW}?event_type=RELEASE_OOS", title="Assay 93.1%")
    keep(paul, f"/portal/acme/deviations/{record.pk}/comments/", text="The feed log is")
    page = words(paul.get("/portal/acme/drafts/"))
    assert "Deviation: comment The feed log is" in page
    assert "New deviation Assay 93.1%" in page
    sign_in(other := Client(), world.vito)
    assert "Assay" not in words(other.get("/portal/acme/drafts/"))


@pytest.mark.requirement("ASVS-7.1.1")
def test_no_password_is_ever_kept(world: World, client: Client) -> None:
    record = report(world.paul, world.lyra_site)
    sign_in(client, world.nina)
    of = f"/acme/deviations/{record.pk}/moves/close/"
    secrets = {"password": PASSWORD, "otp": "123456", "csrfmiddlewaretoken": "t" * 64}
    keep(client, of, reason="Reviewed", version="1", **secrets)
    assert kept(world.nina) == [(of, {"reason": "Reviewed"})]


def test_a_draft_of_an_older_version_says_so_and_is_compared_when_it_is_saved(world: World, client: Client) -> None:
    sign_in(client, world.omar)
    of = f"/acme/cdmos/{world.lyra.pk}/amend/"
    page = client.get(of).content.decode()
    assert 'name="version" value="1"' in page
    keep(client, of, notes="What Omar typed", name="Lyra Biologics", version="1")
    with change(by=world.nina, reason="Moved"):
        world.lyra.country = "DE"
        world.lyra.save()
    page = client.get(of)
    assert "The record was changed since: compare before you save." in words(page)
    assert 'name="version" value="1"' in page.content.decode()
    sent = {"name": "Lyra Biologics", "country": "CH", "outsourcing_model": "PREFERRED", "drug_substance": "on"}
    answer = client.post(of, sent | {"notes": "What Omar typed", "version": "1", "reason": "Visit", "draft": "1"})
    assert answer.status_code == 409
    assert "Not saved: this record was changed while you worked on it" in words(answer)
    assert len(kept(world.omar)) == 1


def test_a_move_is_restored_over_the_record_as_it_stands(world: World, paul: Client) -> None:
    record = report(world.paul, world.lyra_site)
    act(record, "accept-report", by=world.nina)
    of = f"/portal/acme/deviations/{record.pk}/moves/submit-root-cause/"
    keep(paul, of, why_1="Why did it rise?", because_1="The frit was blocked.", version="1")
    page = paul.get(of).content.decode()
    assert 'value="The frit was blocked."' in page
    assert 'name="version" value="2"' in page


def test_a_session_that_ran_out_keeps_what_was_sent(world: World, paul: Client) -> None:
    told = typed(world)
    del told["cdmo"]
    paul.get(NEW)
    let_the_session_run_out(paul)
    answer = paul.post(NEW, told)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={NEW}")
    assert "What you typed is kept: sign in, look it over and send it." in words(paul.get(answer["Location"]))
    with scope(world.nina):
        assert Deviation.objects.count() == 0
    back = paul.post(answer["Location"], {"login": "paul@example.com", "password": PASSWORD})
    assert (back.status_code, back["Location"]) == (302, NEW)
    page = paul.get(NEW).content.decode()
    assert 'value="Wrong revision of the sampling form"' in page
    assert 'name="draft" value="1"' in page
    assert paul.post(NEW, told | {"draft": "1"}).status_code == 302
    assert kept(world.paul) == []


def test_an_autosave_that_comes_too_late_is_kept_too(world: World, paul: Client) -> None:
    paul.get(NEW)
    let_the_session_run_out(paul)
    answer = paul.post("/portal/acme/drafts/", {"draft_of": NEW, "title": "Half a sentence"})
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={NEW}")
    assert kept(world.paul) == [(NEW, {"title": "Half a sentence"})]


def test_a_comment_that_comes_too_late_waits_in_the_discussion(world: World, paul: Client) -> None:
    record = report(world.paul, world.lyra_site)
    of = f"/portal/acme/deviations/{record.pk}/comments/"
    paul.get(of)
    let_the_session_run_out(paul)
    answer = paul.post(of, {"text": "The feed log is attached."})
    assert answer["Location"] == f"/accounts/login/?next={of}"
    sign_in(paul, world.paul)
    assert ">The feed log is attached.</textarea>" in paul.get(of).content.decode()


def test_what_no_page_of_ours_sent_is_not_kept_at_the_end(world: World) -> None:
    forger = Client(enforce_csrf_checks=True)
    token = forger.get("/accounts/login/").cookies["csrftoken"].value
    told = {"login": "paul@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert forger.post("/accounts/login/", told).status_code == 302
    forger.get(NEW)
    let_the_session_run_out(forger)
    answer = forger.post(NEW, {"title": "Planted"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")
    assert kept(world.paul) == []


def test_a_form_of_an_earlier_session_is_kept_when_the_person_has_signed_in_again(world: World) -> None:
    paul = Client(enforce_csrf_checks=True)
    token = paul.get("/accounts/login/").cookies["csrftoken"].value
    told = {"login": "paul@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
    paul.post("/accounts/login/", told)
    old = {"title": "Typed before", "csrfmiddlewaretoken": "a" * 64}
    elsewhere = paul.post(NEW, old, headers={"Origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403
    assert kept(world.paul) == []
    answer = paul.post(NEW, old, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer["Location"]) == (302, NEW)
    page = paul.get(NEW)
    assert "You signed in again meanwhile, so nothing was saved yet. Look it over and send it." in words(page)
    assert 'value="Typed before"' in page.content.decode()


@pytest.mark.parametrize(
    "of",
    [
        "/portal/rival/deviations/new/",
        "/acme/deviations/new/",
        "/portal/acme/deviations/",
        "/portal/acme/nothing/",
        "/accounts/login/",
        "https://elsewhere.example/portal/acme/deviations/new/?" + "a" * 400,
        "",
    ],
)
def test_drafts_are_kept_of_the_forms_behind_ones_own_door_alone(world: World, paul: Client, of: str) -> None:
    answer = paul.post("/portal/acme/drafts/", {"draft_of": of, "title": "Anything"})
    assert (answer.status_code, answer.json()) == (422, {"words": "No draft is kept of this form."})
    assert kept(world.paul) == []


def test_a_draft_has_its_limits(world: World, paul: Client) -> None:
    told = keep(paul, NEW, description="x" * 64_001)
    assert told == {"status": 422, "words": "This is too long for a draft. Save it, or keep a copy of your own."}
    for turn in range(MOST_DRAFTS + 2):
        keep(paul, f"{NEW}?turn={turn}", title=f"Turn {turn}")
    mine = [values["title"] for _, values in kept(world.paul)]
    assert (len(mine), mine[0]) == (MOST_DRAFTS, "Turn 2")


def test_after_thirty_days_a_draft_is_thrown_away_wherever_it_is(world: World, paul: Client) -> None:
    keep(paul, NEW, title="A month ago")
    keep(paul, f"{NEW}?event_type=RELEASE_OOS", title="Yesterday")
    with scope(world.paul), connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.member = %s", [str(world.paul.membership)])
        Draft.objects.filter(path=NEW).update(saved_at=timezone.now() - timedelta(days=30, minutes=1))
    assert throw_away_old_drafts() == 1
    assert [values["title"] for _, values in kept(world.paul)] == ["Yesterday"]


def test_the_database_shows_a_draft_to_its_membership_alone(world: World, paul: Client) -> None:
    """Pia sits beside Paul; Nina is the sponsor."""
    keep(paul, NEW, title="Paul's draft canary")
    with change(by=system(world.acme), reason="Joined"):
        pia = join(world.acme, person("Pia Roth"), Role.CDMO_QA, "Lyra Biologics AG", world.lyra)
    with scope(world.paul):
        raw("SET LOCAL app.member = ''")
        assert raw("SELECT count(*) FROM records_draft") == [(0,)]  # nobody has said whose are read
    for other in (pia, world.vito, world.olga, world.nina, world.connie):
        assert kept(other) == [], other.name
        with scope(other):
            assert raw("SELECT count(*) FROM records_draft") == [(0,)]
    with pytest.raises(DatabaseError, match="row-level security"), scope(pia):
        raw(f"SET LOCAL app.member = '{pia.membership}'")
        Draft.objects.create(
            tenant_id=world.acme.pk, membership_id=world.paul.membership, cdmo_id=world.lyra.pk, path=NEW, values={}
        )


def test_no_other_role_reads_what_is_typed(db: None) -> None:
    granted = raw(
        """SELECT grantee::text, string_agg(DISTINCT privilege_type, ',') FROM information_schema.column_privileges
            WHERE table_name = 'records_draft' AND column_name = 'values' AND grantee <> 'owner' GROUP BY 1"""
    )
    assert granted == [("app", "INSERT,SELECT,UPDATE")]
    assert raw("SELECT has_column_privilege('keeper', 'records_draft', 'values', 'SELECT')") == [(False,)]
    for role in ("auditor", "relay", "sealer"):
        assert raw(f"SELECT has_table_privilege('{role}', 'records_draft', 'SELECT')") == [(False,)], role


def test_who_acts_for_one_sponsor_finds_no_draft_of_another(world: World, client: Client) -> None:
    """Petra works for Rival; from today on for Acme, too."""
    with change(by=system(world.acme), reason="Serves both"):
        petra = User.objects.get(email="petra@example.com")
        at_acme = join(world.acme, petra, Role.CDMO_QA, "Lyra Biologics AG", world.lyra)
    sign_in(client, world.petra)
    keep(client, "/portal/rival/deviations/new/", title="Rival's draft canary")
    assert kept(at_acme) == []
    assert len(kept(world.petra)) == 1
    for path in ("drafts/", "deviations/new/", "deviations/", "drafts/?of=/portal/rival/deviations/new/", ""):
        assert "canary" not in client.get(f"/portal/acme/{path}").content.decode(), path


def test_a_draft_stands_in_no_trail_and_no_export(world: World, paul: Client) -> None:
    keep(paul, NEW, title="Draft canary")
    tables = raw("SELECT relname FROM pg_class WHERE relname LIKE '%draft%' AND relkind = 'r' ORDER BY 1")
    assert tables == [("records_draft",)]
    sign_in(nina := Client(), world.nina)
    for path in ("/acme/audit-trail/", "/acme/deviations/?q=canary", "/acme/exports/", "/acme/drafts/"):
        assert "Draft canary" not in nina.get(path).content.decode(), path


@pytest.mark.parametrize("before", ["https://evil.example", "//evil.example", "javascript:"])
def test_a_draft_is_of_an_address_of_ours(paul: Client, before: str) -> None:
    answer = paul.post("/portal/acme/drafts/", {"draft_of": before + NEW, "title": "Anything"})
    assert (answer.status_code, "evil" in paul.get("/portal/acme/drafts/").content.decode()) == (422, False)
