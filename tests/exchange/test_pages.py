"""The pages on which a plan comes in and goes out, and the same through the API."""

import json
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from icalendar import Calendar
from openpyxl import load_workbook

from oversight.kernel.access.scope import scope
from oversight.kernel.notifications.calendar_keys import renew, revoke
from oversight.kernel.workflow.refusals import Refused
from techtransfer.exchange.columns import CSV_COLUMNS, LINK_COLUMNS
from techtransfer.exchange.keeping import expire
from techtransfer.exchange.staging import NARROWED
from techtransfer.models import PlanImport
from tests.api.calling import key_of
from tests.cast import World, system
from tests.factories.programme import plan
from tests.techtransfer.planning import planned
from tests.techtransfer.reading import visitor, words

from .bringing import CHAIN, bring, table, take


def test_a_plan_is_brought_looked_at_and_taken_in(world: World) -> None:
    programme = plan(world.omar)
    client, here = visitor(world.omar), f"/acme/programmes/{programme.pk}/"
    page = client.get(here).content.decode()
    assert f'href="{here}imports/"' in page
    answer = client.post(f"{here}imports/", {"file": SimpleUploadedFile("march.csv", table(*CHAIN))})
    assert answer.status_code == 302
    report = client.get(answer["Location"]).content.decode()
    assert "Nothing is imported yet." in words(report)
    assert "New steps 4" in words(report)
    seen = report.split('name="seen" value="')[1].split('"')[0]
    refused = client.post(f"{answer['Location']}commit/", {"seen": seen, "reason": " "})
    assert (refused.status_code, "Say why you change it." in refused.content.decode()) == (422, True)
    stale = client.post(f"{answer['Location']}commit/", {"seen": "0" * 64, "reason": "March"})
    assert (stale.status_code, "Nothing was imported." in stale.content.decode()) == (409, True)
    done = client.post(f"{answer['Location']}commit/", {"seen": seen, "reason": "March"})
    assert (done.status_code, done["Location"]) == (302, here)
    assert "Make substance" in client.get(here).content.decode()
    assert "Imported by Omar Haddad" in words(client.get(answer["Location"]).content.decode())


def test_what_was_taken_in_is_evidence_for_whoever_sees_the_whole_plan(world: World) -> None:
    programme = plan(world.omar)
    staged = bring(programme, table(*CHAIN), by=world.omar)
    here = f"/acme/programmes/{programme.pk}/imports/"
    nina, omar = visitor(world.nina), visitor(world.omar)
    assert nina.get(f"{here}{staged.pk}/").status_code == 404, "it waits: Omar's alone"
    assert omar.get(f"{here}{staged.pk}/file/").content == table(*CHAIN)
    take(staged, by=world.omar)
    for who in (world.nina, world.vera):
        client = visitor(who)
        assert "Omar Haddad" in words(listed := client.get(here).content.decode())
        assert f'href="{here}{staged.pk}/"' in listed and 'type="file"' not in listed
        assert "Imported by Omar Haddad" in words(client.get(f"{here}{staged.pk}/").content.decode())
        given = client.get(f"{here}{staged.pk}/file/")
        assert given.content == table(*CHAIN) and "attachment" in given["Content-Disposition"]
        assert client.post(here, {"file": SimpleUploadedFile("a.csv", table(*CHAIN))}).status_code == 403
    assert "Imported files" in words(nina.get(f"/acme/programmes/{programme.pk}/").content.decode())
    connie = visitor(world.connie)
    assert connie.get(f"{here}{staged.pk}/").status_code == connie.get(f"{here}{staged.pk}/file/").status_code == 404
    assert "No file was imported" in words(connie.get(here).content.decode())
    assert visitor(world.paul).get(f"/portal/acme/programmes/{programme.pk}/imports/").status_code == 404


def test_a_file_that_is_not_kept_is_given_to_nobody(world: World) -> None:
    programme = plan(world.omar)
    staged = bring(programme, table(*CHAIN), by=world.omar)
    omar, here = visitor(world.omar), f"/acme/programmes/{programme.pk}/imports/{staged.pk}/"
    assert omar.post(f"{here}throw-away/").status_code == 302
    answer = omar.get(f"{here}file/")
    assert (answer.status_code, "The file is not there any more." in answer.content.decode()) == (409, True)


def test_a_file_that_is_no_plan_is_refused_beside_its_field(world: World) -> None:
    programme = plan(world.omar)
    client, here = visitor(world.omar), f"/acme/programmes/{programme.pk}/imports/"
    answer = client.post(here, {"file": SimpleUploadedFile("plan.mpp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 more")})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "In Project choose “Save as XML”" in page
    assert 'aria-invalid="true"' in page
    assert client.post(here, {}).status_code == 422


def test_each_sees_what_is_its_own_to_see(world: World) -> None:
    found = planned(world)
    here = f"/acme/programmes/{found.programme.pk}/"
    for ending in ("xml", "xlsx", "csv", "ics"):
        answer = visitor(world.vera).get(f"{here}plan.{ending}")
        assert answer.status_code == 200, ending
        assert answer["Content-Disposition"].startswith("attachment; ")
        for stranger in (world.riva, world.paul):
            assert visitor(stranger).get(f"{here}plan.{ending}").status_code == 404
    narrowed = visitor(world.connie).get(f"{here}plan.csv").content.decode()
    assert ("Make DS-26-014" in narrowed, "Fill DP-27-002" in narrowed, "Orion" in narrowed) == (True, False, False)
    staged = bring(plan(world.omar), table(*CHAIN), by=world.omar)
    for who in (world.vera, world.nina, world.riva):
        assert visitor(who).get(f"/acme/programmes/{staged.programme_id}/imports/{staged.pk}/").status_code == 404
    other = f"/acme/programmes/{found.programme.pk}/imports/{staged.pk}/"
    assert visitor(world.omar).get(other).status_code == 404  # of another programme


def test_the_api_stages_looks_and_commits(world: World, client) -> None:
    programme = plan(world.omar)
    here = f"/api/v1/acme/programmes/{programme.pk}/"
    headers = {"Authorization": f"Bearer {key_of(world.omar, writes=True)}"}
    refused = client.post(f"{here}imports/", "{}", content_type="application/json", headers=headers)
    assert refused.status_code == 415
    bad = client.post(f"{here}imports/", {"file": SimpleUploadedFile("a.csv", b"\x00\x01")}, headers=headers)
    assert (bad.status_code, bad.json()["errors"]["file"]) == (
        422, ["The file contains NUL bytes, so it is no text. Save it as CSV in UTF-8."],
    )  # fmt: skip
    answer = client.post(f"{here}imports/", {"file": SimpleUploadedFile("a.csv", table(*CHAIN))}, headers=headers)
    assert answer.status_code == 201, answer.content
    staged = answer.json()
    assert (staged["state"], staged["report"]["changes"]) == ("STAGED", 7)
    once = headers | {"Idempotency-Key": "march-1"}
    first, second = (
        client.post(f"{here}imports/", {"file": SimpleUploadedFile("a.csv", table(*CHAIN))}, headers=once).json()["id"]
        for _ in range(2)
    )
    assert first == second != staged["id"]
    again = client.get(f"{here}imports/{staged['id']}/", headers=headers).json()
    assert again == staged
    where = f"{here}imports/{staged['id']}/commit/"

    def commit(**body: object) -> object:
        return client.post(where, json.dumps(body), content_type="application/json", headers=headers)

    assert commit(reason="March", digest="x").status_code == 409
    assert commit(reason="March").json()["errors"] == {"digest": ["Send the digest of the report that you read."]}
    assert commit(digest=staged["digest"]).status_code == 422
    done = commit(reason="March", digest=staged["digest"])
    assert (done.status_code, done.json()["state"]) == (200, "COMMITTED")
    assert commit(reason="March", digest=staged["digest"]).status_code == 409
    assert client.get(f"{here}plan.csv", headers=headers).content.startswith(b"\xef\xbb\xbfID,Title")
    reader = {"Authorization": f"Bearer {key_of(world.vera)}"}
    assert client.get(f"{here}plan.xml", headers=reader).status_code == 200
    assert client.get(f"{here}imports/{staged['id']}/", headers=reader).json()["state"] == "COMMITTED"
    assert client.get(f"{here}imports/{first}/", headers=reader).status_code == 404, "it waits: Omar's alone"
    narrowed = {"Authorization": f"Bearer {key_of(world.connie)}"}
    assert client.get(f"{here}imports/{staged['id']}/", headers=narrowed).status_code == 404


def test_a_calendar_program_follows_the_plan_by_the_secret_of_its_member(world: World, client) -> None:
    found = planned(world)
    with scope(world.vera):
        secret = renew(by=world.vera)
    answer = client.get(f"/calendar/{secret}/programmes/{found.programme.pk}.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(each["SUMMARY"]), each["DTSTART"].dt, each["DTEND"].dt) for each in events][:2] == [
        (f"{found.make.number} Manufacture", date(2027, 3, 1), date(2027, 3, 31)),
        (f"{found.release.number} Review and release", date(2027, 3, 31), date(2027, 4, 10)),
    ]
    assert "Make DS-26-014" not in answer.content.decode()
    with scope(world.paul):
        partner = renew(by=world.paul)
    with scope(world.vera):
        revoke(by=world.vera)
    for gone in (secret, partner, "nobody"):
        assert client.get(f"/calendar/{gone}/programmes/{found.programme.pk}.ics").status_code == 404


def test_a_file_that_waited_for_a_day_is_taken_in_by_nobody(world: World) -> None:
    programme = plan(world.omar)
    staged = bring(programme, table(*CHAIN), by=world.omar)
    with scope(system(world.acme)):
        assert expire(by=system(world.acme)) == 0
        PlanImport.objects.filter(pk=staged.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="waited for more than a day"):
        take(staged, by=world.omar)
    with scope(system(world.acme)):
        assert expire(by=system(world.acme)) == 1
    page = visitor(world.omar).get(f"/acme/programmes/{programme.pk}/imports/{staged.pk}/").content.decode()
    assert "waited for more than a day." in words(page)


def test_who_sees_some_cdmos_alone_brings_no_plan(world: World) -> None:
    programme, narrowed = plan(world.omar), replace(world.omar, grants=(world.lyra.pk,))
    with pytest.raises(Refused) as caught:
        bring(programme, table(*CHAIN), by=narrowed)
    assert caught.value.sentences == (NARROWED,)


def test_the_files_to_fill_in_have_every_column(world: World) -> None:
    client, here = visitor(world.omar), f"/acme/programmes/{plan(world.omar).pk}/plan-template"
    book = load_workbook(BytesIO(client.get(f"{here}.xlsx").content))
    assert book.sheetnames == ["Steps", "Dependencies", "Closures", "Notes"]
    assert [cell.value for cell in book["Dependencies"][1]] == [column.heading for column in LINK_COLUMNS]
    lines = client.get(f"{here}.csv").content.decode("utf-8-sig").splitlines()
    assert lines == [",".join(column.heading for column in CSV_COLUMNS)]
