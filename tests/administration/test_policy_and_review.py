"""What a sponsor asks of everybody, and who may do what: each change with a reason, the review as a file."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from batches.services.rules import LIFE as LIFE_OF_A_BATCH
from oversight.kernel.access.grants import narrow
from oversight.kernel.access.models import Membership, Policy, SecurityEvent
from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.models import Clock, DefaultLimit
from oversight.kernel.trail.change import change
from oversight.roles import Role
from oversight.web.administration.house_rules import shelves
from quality.services.rules import house_rules
from tests.api.calling import key_of
from tests.cast import World, join, person, sign_in, system
from tests.factories.deviation import report

pytestmark = pytest.mark.django_db

POLICY = "/acme/settings/policy/"
REVIEW = "/acme/settings/access-review/"


@pytest.fixture
def adam(world: World, client: Client) -> Client:
    sign_in(client, world.adam)
    return client


@pytest.mark.requirement("A11D-iam-mfa")
def test_a_second_factor_is_asked_of_all_who_sign(world, adam):
    page = adam.get(POLICY).content.decode()
    assert "Nobody must; everybody may" in page and "The beginning: nobody has set it" in page
    said = {"second_factor": "SIGNERS", "version": 0, "reason": "Annex 11 finding"}
    assert adam.post(f"{POLICY}second-factor/", said | {"reason": ""}).status_code == 422
    assert adam.post(f"{POLICY}second-factor/", said).status_code == 302
    with scope(system(world.acme)):
        policy = Policy.objects.get(tenant=world.acme)
        told = [(row.second_factor, row.history_user_name, row.history_change_reason) for row in policy.history.all()]
    assert told == [("SIGNERS", "Adam Novak", "Annex 11 finding")]
    page = adam.get(POLICY).content.decode()
    assert "Everybody who signs" in page and "by Adam Novak: Annex 11 finding" in page
    stale = adam.post(f"{POLICY}second-factor/", said | {"second_factor": "EVERYBODY"})
    assert stale.status_code == 409 and "Somebody changed the policy" in stale.content.decode()
    same = adam.post(f"{POLICY}second-factor/", said | {"version": 1})
    assert same.status_code == 422 and "This is what holds already." in same.content.decode()


def test_every_rule_of_the_house_stands_there_once(adam):
    names = [rule.name for shelf in shelves() for _, rule in shelf.rules]
    assert len(names) == 26 and sorted(names) == sorted(rule.name for rule in (*house_rules(), *LIFE_OF_A_BATCH))
    page = adam.get(POLICY).content.decode()
    assert [name for name in names if f"/acme/settings/policy/clocks/{name}/" not in page] == []


@pytest.mark.requirement("A11-10-set")
def test_a_sponsor_sets_its_own_limit_and_running_clocks_do_not_move(world, adam):
    deviation = report(world.paul, world.lyra_site, severity="CRITICAL")
    with scope(world.adam):
        before = Clock.objects.visible_to(world.adam).get(record_id=deviation.pk, name="containment").due_at
    url = f"{POLICY}clocks/containment/"
    assert 'value="60"' in adam.get(url).content.decode()
    said = {"limit": 90, "unit": "MINUTES", "version": 0, "reason": "As the new agreements say"}
    assert adam.post(url, said).status_code == 302
    with scope(world.adam):
        assert Clock.objects.visible_to(world.adam).get(record_id=deviation.pk, name="containment").due_at == before
        own = DefaultLimit.objects.visible_to(world.adam).get()
        told = [(row.limit, row.unit, row.history_user_name, row.history_change_reason) for row in own.history.all()]
    assert told == [(90, "MINUTES", "Adam Novak", "As the new agreements say")]
    page = adam.get(POLICY).content.decode()
    assert "<strong>90 min</strong>" in page and "60 min" in page and ", Adam Novak" in page
    assert adam.post(url, said | {"limit": 2}).status_code == 409
    assert adam.post(url, said | {"limit": 2, "unit": "HOURS", "version": 1}).status_code == 302
    page = adam.get(url).content.decode()
    assert "<dt>Limit</dt><dd><del>90</del>" in page and "<ins>2</ins>" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"limit": "0"}, "Limit: Enter a number between 1 and 10,000."),
        ({"limit": "10001"}, "Limit: Enter a number between 1 and 10,000."),
        ({"unit": "WEEKS"}, "Unit: Choose one from the list."),
        ({"limit": "60"}, "Limit: This is the limit that holds already."),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(world, adam, changes, sentence):
    said = {"limit": 90, "unit": "MINUTES", "version": 0, "reason": "Tighter"} | changes
    response = adam.post(f"{POLICY}clocks/containment/", said)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    with scope(world.adam):
        assert not DefaultLimit.objects.visible_to(world.adam).exists()


def test_a_rule_that_nobody_knows_is_not_there(adam):
    assert adam.get(f"{POLICY}clocks/lunch/").status_code == 404


@pytest.mark.requirement("P11-300b", "A11D-iam-review")
def test_the_review_names_every_access_with_all_that_it_rests_on(world, adam):
    key_of(world.nina)
    with change(by=system(world.acme), reason="Left in March"):
        Membership.objects.filter(pk=world.vera.membership).update(valid_until="2026-03-31")
    response = adam.post(f"{REVIEW}export/", {"format": "CSV"})
    assert response["Content-Disposition"].startswith('attachment; filename="access-review-acme-')
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Access review", "Acme Therapeutics"] and rows[2] == ["Made by", "Adam Novak"]
    table = {row[0]: row for row in rows[5:]}
    assert sorted(table) == [
        *("Adam Novak", "Connie Marsh", "Nina Berg", "Olga Wirth", "Omar Haddad", "Paul Keller", "Vito Lang"),
    ]
    assert table["Connie Marsh"][1:9] == [
        *("connie@example.com", "QA reviewer", "Marsh Consulting", "Lyra Biologics", "2026-01-01", "", "Active", "No"),
    ]
    assert table["Paul Keller"][2:5] == ["CDMO quality", "Lyra Biologics AG", "Lyra Biologics"]
    assert [table[name][9] for name in ("Nina Berg", "Paul Keller")] == ["1", "0"]
    assert table["Nina Berg"][11:] == ["Oversight", "Founded"]


def test_the_review_as_a_workbook_has_no_formula_and_its_taking_is_logged(world, adam):
    with change(by=system(world.acme), reason="=1+1"):
        join(world.acme, person("Eve Lund"), Role.VIEWER, "=HYPERLINK(1)")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(id) FROM access_securityevent")
        (before,) = cursor.fetchone()
    response = adam.post(f"{REVIEW}export/", {"format": "XLSX"})
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    sheet = load_workbook(io.BytesIO(response.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert SecurityEvent.objects.only("id").count() == before + 1
    csv_text = adam.post(f"{REVIEW}export/", {"format": "CSV"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in csv_text and "'=1+1" in csv_text


def test_the_quality_director_reviews_and_may_change_nothing(world, client):
    sign_in(client, world.nina)
    assert client.get("/acme/settings/")["Location"] == REVIEW
    page = client.get(REVIEW).content.decode()
    assert "Adam Novak" in page and 'href="/acme/settings/people/"' not in page
    assert client.post(f"{REVIEW}export/", {"format": "CSV"}).status_code == 200
    for page in ("people/", "keys/", "webhooks/", "policy/"):
        assert client.get(f"/acme/settings/{page}").status_code == 403


def test_settings_are_of_the_whole_sponsor(world, client):
    """An administrator whom somebody narrowed past the pages sees no half of them."""
    with change(by=system(world.acme), reason="By hand"):
        narrow(Membership.objects.get(pk=world.adam.membership), to=[world.lyra])
    sign_in(client, world.adam)
    for page in ("", "people/", "keys/", "webhooks/", "policy/", "access-review/"):
        assert client.get(f"/acme/settings/{page}").status_code == 403
    assert "Settings" not in client.get("/acme/cdmos/").content.decode()
