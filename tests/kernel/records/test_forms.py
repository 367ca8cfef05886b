"""Omar puts a partner on file, amends it, and is told in words what is wrong."""

import pytest

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from tests.cast import sign_in
from tests.kernel.records.filing import NEW_CDMO, NEW_SITE, as_sent, change_it, now, put_on_file
from tests.web.reading import beside, summary, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def omar(world, client):
    sign_in(client, world.omar)
    return client


def test_a_new_cdmo_needs_no_reason_and_leaves_one_version(world, omar):
    answer = omar.post("/acme/cdmos/new/", NEW_CDMO)
    with scope(world.omar):
        record = CDMO.objects.visible_to(world.omar).get(name="Corvane")
        first = record.history.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/acme/cdmos/{record.pk}/"
    assert (first.history_type, first.history_user_id, first.history_source) == ("+", world.omar.user, "browser")
    assert "CDMO created." in words(omar.get(answer["Location"]))


@pytest.mark.requirement("PI041-entry")
def test_every_error_stands_beside_its_field_and_in_the_summary(world, omar):
    answer = omar.post("/acme/cdmos/new/", {"legal_name": "Corvane AG", "website": "corvane"})
    assert answer.status_code == 422
    assert beside(answer, "name") == "Fill this in."
    assert beside(answer, "country") == "Choose one."
    assert beside(answer, "outsourcing_model") == "Choose one."
    assert beside(answer, "types") == "Say what this CDMO does: tick at least one type."
    assert beside(answer, "legal_name") == ""
    assert summary(answer)[:2] == [("id_name", "Name: Fill this in."), ("id_country", "Country: Choose one.")]
    assert 'value="Corvane AG"' in answer.content.decode()


def test_a_rule_of_the_record_is_said_beside_the_field_it_speaks_of(world, omar):
    answer = omar.post("/acme/cdmos/new/", NEW_CDMO | {"name": "Lyra Biologics", "drug_product": ""})
    assert answer.status_code == 422
    assert beside(answer, "types") == "Say what this CDMO does: tick at least one type."
    assert beside(answer, "name") == "There is a CDMO of this name already: open that one."
    assert [field for field, _ in summary(answer)] == ["id_name", "id_drug_substance"]


@pytest.mark.parametrize("name", ["LYRA BIOLOGICS", "lyra biologics", " Lyra Biologics "])
def test_a_name_is_the_same_in_capitals(world, omar, name):
    answer = omar.post("/acme/cdmos/new/", NEW_CDMO | {"name": name})
    assert answer.status_code == 422
    assert beside(answer, "name") == "There is a CDMO of this name already: open that one."
    sent = as_sent(world.omar, world.orion.pk) | {"name": name, "reason": "Renamed"}
    answer = omar.post(f"/acme/cdmos/{world.orion.pk}/amend/", sent)
    assert answer.status_code == 422
    assert beside(answer, "name") == "There is a CDMO of this name already: open that one."
    assert now(world.omar, world.orion.pk).name == "Orion Fill"


def test_a_record_may_change_the_capitals_of_its_own_name(world, omar):
    sent = as_sent(world.omar, world.lyra.pk) | {"name": "LYRA BIOLOGICS", "reason": "As they write it"}
    assert omar.post(f"/acme/cdmos/{world.lyra.pk}/amend/", sent).status_code == 302
    assert now(world.omar, world.lyra.pk).name == "LYRA BIOLOGICS"


def test_a_sites_name_is_the_same_in_capitals_at_one_cdmo_and_free_at_another(world, omar):
    site = NEW_SITE | {"name": "LYRA BASEL"}
    answer = omar.post("/acme/sites/new/", site | {"cdmo": world.lyra.pk})
    assert (answer.status_code, beside(answer, "name")) == (422, "This CDMO has a site of this name already.")
    assert omar.post("/acme/sites/new/", site | {"cdmo": world.orion.pk}).status_code == 302


def test_another_sponsors_name_is_free(world, omar):
    put_on_file(world.riva, name="Only at Rival")
    assert omar.post("/acme/cdmos/new/", NEW_CDMO | {"name": "Only at Rival"}).status_code == 302


@pytest.mark.parametrize("number", ["123", "12345678901", "30045238x1"])
def test_a_site_needs_a_number_of_seven_to_ten_digits(world, omar, number):
    answer = omar.post("/acme/sites/new/", NEW_SITE | {"cdmo": world.lyra.pk, "fei_number": number})
    assert answer.status_code == 422
    assert "7 to 10 digits" in beside(answer, "fei_number") or "at most 10 characters" in beside(answer, "fei_number")


def test_a_site_cannot_be_given_to_a_cdmo_out_of_sight(world, omar):
    page = omar.get("/acme/sites/new/").content.decode()
    assert f'<option value="{world.lyra.pk}"' in page
    assert f'<option value="{world.foreign.pk}"' not in page
    foreign = omar.post("/acme/sites/new/", NEW_SITE | {"cdmo": world.foreign.pk})
    never = omar.post("/acme/sites/new/", NEW_SITE | {"cdmo": 999_999_999})
    assert (foreign.status_code, never.status_code) == (422, 422)
    assert beside(foreign, "cdmo") == beside(never, "cdmo") == "Choose a CDMO from the list."


def test_the_button_on_a_cdmo_opens_the_form_with_that_cdmo_chosen(world, omar):
    page = omar.get(f"/acme/sites/new/?cdmo={world.orion.pk}").content.decode()
    assert f'<option value="{world.orion.pk}" selected>' in page


@pytest.mark.parametrize("reason", ["", " \t\n", "\u200b", "\u200d\u2060\ufeff", "\u00a0"])
def test_an_amendment_needs_a_reason_that_can_be_seen(world, omar, reason):
    sent = as_sent(world.omar, world.lyra.pk) | {"name": "Lyra Bio", "reason": reason}
    answer = omar.post(f"/acme/cdmos/{world.lyra.pk}/amend/", sent)
    assert answer.status_code == 422
    assert beside(answer, "reason") == "Say why you change it. The reason is kept in the history."
    assert 'value="Lyra Bio"' in answer.content.decode()
    assert (now(world.omar, world.lyra.pk).name, now(world.omar, world.lyra.pk).versions) == ("Lyra Biologics", 1)


@pytest.mark.requirement("A11-12-4", "PI041-entry")
def test_an_amendment_leaves_one_version_with_who_and_why(world, omar):
    sent = as_sent(world.omar, world.lyra.pk) | {"name": "Lyra Bio", "reason": "Renamed on 1 November"}
    assert omar.post(f"/acme/cdmos/{world.lyra.pk}/amend/", sent).status_code == 302
    with scope(world.omar):
        latest = CDMO.objects.visible_to(world.omar).get(pk=world.lyra.pk).history.latest()
    assert (latest.name, latest.history_user_name, latest.history_role) == ("Lyra Bio", "Omar Haddad", "cmc_lead")
    assert (latest.history_org, latest.history_change_reason) == ("Acme Therapeutics", "Renamed on 1 November")
    assert (now(world.omar, world.lyra.pk).version, now(world.omar, world.lyra.pk).versions) == (2, 2)


def test_an_untouched_form_writes_nothing_and_says_so(world, omar):
    sent = as_sent(world.omar, world.lyra.pk) | {"reason": "No change at all"}
    answer = omar.post(f"/acme/cdmos/{world.lyra.pk}/amend/", sent)
    assert answer.status_code == 422
    assert "You changed nothing, so nothing was saved." in words(answer)
    assert (now(world.omar, world.lyra.pk).version, now(world.omar, world.lyra.pk).versions) == (1, 1)


def test_two_people_at_one_record_the_second_is_told_and_loses_nothing(world, omar):
    pk = world.lyra.pk
    sent = as_sent(world.omar, pk) | {"name": "Lyra Omar", "notes": "Omar's words", "reason": "Renamed"}
    change_it(world.nina, pk, "New address of the company", name="Lyra Nina", website="https://lyra.example/")
    answer = omar.post(f"/acme/cdmos/{pk}/amend/", sent)
    page, text = answer.content.decode(), words(answer)
    assert answer.status_code == 409
    assert "Not saved: this record was changed while you worked on it" in text
    assert "Nina Berg , Acme Therapeutics" in text
    assert "New address of the company" in text
    assert "Look again at Name : you both changed it" in text
    assert 'value="Lyra Omar"' in page  # typed by Omar, kept
    assert ">\nOmar&#x27;s words</textarea>" in page  # typed by Omar, untouched by Nina
    assert 'value="https://lyra.example/"' in page  # written by Nina, untouched by Omar
    assert ">\nRenamed</textarea>" in page
    assert '<input type="hidden" name="version" value="2"' in page
    assert (now(world.omar, pk).name, now(world.omar, pk).versions) == ("Lyra Nina", 2)
    again = as_sent(world.omar, pk) | {"name": "Lyra Omar", "notes": "Omar's words", "reason": "Renamed"}
    assert omar.post(f"/acme/cdmos/{pk}/amend/", again).status_code == 302
    stands = now(world.omar, pk)
    assert (stands.name, stands.notes, stands.website) == ("Lyra Omar", "Omar's words", "https://lyra.example/")
    assert (stands.version, stands.versions) == (3, 3)


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "99999999999999"])
def test_a_damaged_version_is_refused(world, omar, version):
    sent = as_sent(world.omar, world.lyra.pk) | {"name": "Lyra Bio", "reason": "Renamed", "version": version}
    assert omar.post(f"/acme/cdmos/{world.lyra.pk}/amend/", sent).status_code == 422
    assert now(world.omar, world.lyra.pk).versions == 1


def test_a_version_from_the_future_is_stale_too(world, omar):
    sent = as_sent(world.omar, world.lyra.pk) | {"name": "Lyra Bio", "reason": "Renamed", "version": "7"}
    answer = omar.post(f"/acme/cdmos/{world.lyra.pk}/amend/", sent)
    assert answer.status_code == 409
    assert "Not saved: this record was changed while you worked on it" in words(answer)
    assert now(world.omar, world.lyra.pk).versions == 1


def test_a_site_never_moves_to_another_cdmo(world, omar):
    assert 'name="cdmo"' not in omar.get(f"/acme/sites/{world.lyra_site.pk}/amend/").content.decode()


@pytest.mark.parametrize("value", ["nul\0byte", "x" * 121])
def test_text_that_cannot_be_kept_is_refused_in_words(world, omar, value):
    answer = omar.post("/acme/cdmos/new/", NEW_CDMO | {"name": value})
    assert answer.status_code == 422
    assert beside(answer, "name") != ""


@pytest.mark.requirement("ASVS-5.3.1", "ASVS-5.3.3")
def test_markup_is_text(world, omar):
    record = put_on_file(
        world.omar, name="<b>Bold</b> & Co", notes="<script>alert(1)</script>", website="https://x.example/?a=1&b=2"
    )
    for page in ("", "amend/", "history/"):
        body = omar.get(f"/acme/cdmos/{record.pk}/{page}").content.decode()
        assert "<b>Bold" not in body
        assert "<script>alert" not in body
