"""A file of the present view, made by a job with the eyes of whoever asked."""

import csv
import io
import stat

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from oversight.kernel.access.grants import close_to, open_to
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.database.roles import connection_as
from oversight.kernel.outbox import delivery
from oversight.kernel.outbox.models import Event
from oversight.kernel.records import exports
from oversight.kernel.records.models import Export
from oversight.kernel.trail.change import change
from tests.cast import raw, sign_in, system
from tests.kernel.records.filing import change_it, put_many_on_file, put_on_file
from tests.web.reading import link, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def room(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "exports"


def ask(client, view: str = "", kind: str = "cdmos", door: str = "/acme/", form: str = "CSV") -> str:
    answer = client.post(f"{door}{kind}/export/", {"view": view, "format": form})
    assert answer.status_code == 302, words(answer)
    return answer.headers["Location"]


def work(sponsor) -> None:
    """What the worker does for what waits."""
    actor = system(sponsor)
    with scope(actor):
        waiting = list(Event.objects.visible_to(actor).filter(name="export.requested").values_list("pk", flat=True))
    for event in waiting:
        delivery.deliver(tenant=sponsor.pk, event=event)


def rows_of(client, page: str) -> list[list[str]]:
    """The table below the lines that say what it is."""
    return list(csv.reader(io.StringIO(client.get(f"{page}file/").content.decode("utf-8-sig"))))


def below(rows: list[list[str]]) -> list[list[str]]:
    return rows[rows.index([]) + 1 :]


def only(actor: Actor) -> Export:
    with scope(actor):
        return Export.objects.visible_to(actor).get(membership_id=actor.membership)


@pytest.mark.requirement("P11-10b")
def test_nina_asks_leaves_and_comes_back_for_the_file(world, client):
    sign_in(client, world.nina)
    put_on_file(world.nina, name="Vega", country="DE", notes="Told us late")
    page = ask(client, "country=DE&sort=-name&page=3")
    assert page == f"/acme/exports/{only(world.nina).pk}/"
    assert "Waiting You can leave this page" in words(client.get(page))
    assert client.get(f"{page}file/").status_code == 404
    work(world.acme)
    ready = client.get(page)
    assert "Ready Rows 1" in words(ready)
    assert link(ready, "Download") == f"{page}file/"
    rows = rows_of(client, page)
    assert rows[0] == ["CDMOs", "Acme Therapeutics"]
    assert rows[1] == ["Exported by", "Nina Berg, QA director, Acme Therapeutics"]
    assert rows[3:6] == [["Country", "Germany"], ["Sorted by", "Name, descending"], []]
    head, line = below(rows)
    assert head[:3] == ["Number", "Status", "Name"]
    assert dict(zip(head, line, strict=True)) | {"Number": ""} == dict.fromkeys(head, "No") | {
        "Number": "", "Status": "Active", "Name": "Vega", "Legal name": "", "Country": "Germany", "Website": "",
        "Drug product": "Yes", "Outsourcing model": "Preferred", "Notes": "Told us late",
    }  # fmt: skip


def test_cells_are_text_and_never_formulas(world, client):
    sign_in(client, world.nina)
    put_on_file(world.nina, name="=HYPERLINK(1)", legal_name="+41 61", notes="@SUM(A1)", country="DE")
    csv_page, excel_page = ask(client, "country=DE"), ask(client, "country=DE", form="XLSX")
    work(world.acme)
    line = below(rows_of(client, csv_page))[1]
    assert [line[2], line[3], line[-1]] == ["'=HYPERLINK(1)", "'+41 61", "'@SUM(A1)"]
    answer = client.get(f"{excel_page}file/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="cdmos-')
    sheet = load_workbook(io.BytesIO(answer.content)).active
    last = list(sheet.iter_rows())[-1]
    assert [(cell.value, cell.data_type) for cell in (last[2], last[3], last[-1])] == [
        ("=HYPERLINK(1)", "s"), ("+41 61", "s"), ("@SUM(A1)", "s"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1"])
def test_whatever_begins_like_a_formula_is_disarmed(text, tmp_path):
    from oversight.kernel.records.tables import write_table

    write_table(tmp_path / "a.csv", excel=False, about=[("About",)], head=("Name",), rows=[(text,)])
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8-sig") as file:
        assert list(csv.reader(file))[-1] == ["'" + text]


def test_a_partner_gets_its_own_rows_and_the_fields_that_are_shared(world, client):
    sign_in(client, world.paul)
    page = ask(client, "outsourcing_model=TACTICAL", door="/portal/acme/")
    work(world.acme)
    rows = rows_of(client, page)
    head, *lines = below(rows)
    assert not {"Outsourcing model", "Notes", "Number", "Status"} & set(head)
    assert [line[head.index("Name")] for line in lines] == ["Lyra Biologics"]
    assert "canary" not in str(rows) and "Orion" not in str(rows)


def test_a_narrowed_consultant_gets_what_she_sees(world, client):
    sign_in(client, world.connie)
    page = ask(client)
    work(world.acme)
    head, *lines = below(rows_of(client, page))
    assert [line[head.index("Name")] for line in lines] == ["Lyra Biologics"]


@pytest.mark.requirement("ASVS-12.4.1")
@pytest.mark.parametrize("other", ["omar", "adam", "paul", "riva"])
def test_nobody_else_opens_it(world, client, other):
    sign_in(client, world.nina)
    page = ask(client)
    work(world.acme)
    actor, client = getattr(world, other), Client()
    sign_in(client, actor)
    here = page.replace("/acme/", f"/{'portal/' if actor.is_partner else ''}{actor.sponsor}/")
    assert [client.get(where).status_code for where in (here, f"{here}file/", page, f"{page}file/")] == [404] * 4
    assert link(client.get(here.rsplit("/", 2)[0] + "/"), str(only(world.nina))) is None


@pytest.mark.requirement("ASVS-8.3.5")
@pytest.mark.django_db(transaction=True)
def test_a_download_stands_in_the_security_log(lasting_world, client):
    world = lasting_world
    sign_in(client, world.nina)
    page = ask(client)
    work(world.acme)
    assert client.get(f"{page}file/").status_code == 200
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute("SELECT user_id, tenant_id, path FROM access_securityevent WHERE kind = 'DOWNLOADED'")
        assert cursor.fetchall() == [(world.nina.user, world.acme.pk, f"{page}file/")]


def test_an_ended_membership_gets_nothing(world, client):
    sign_in(client, world.nina)
    ask(client)
    with change(by=system(world.acme), reason="Left"):
        Membership.objects.filter(pk=world.nina.membership).update(valid_until="2026-01-02")
    work(world.acme)
    failed = only(world.nina)
    assert (failed.status, failed.rows, failed.size) == ("FAILED", 0, 0)
    assert failed.problem == "Your access to this sponsor has ended or changed, so the file was not made."


def test_a_file_is_out_of_reach_once_the_asker_sees_less(world, client):
    sign_in(client, world.nina)
    page = ask(client)
    work(world.acme)
    with change(by=system(world.acme), reason="Narrowed"):
        Membership.objects.filter(pk=world.nina.membership).update(narrowed=True)
    assert client.get(f"{page}file/").status_code == 404


@pytest.fixture
def connie_of_both(world):
    """Connie is granted Orion besides Lyra, so that what she asks for stays in her sight when Orion is taken back."""
    with change(by=system(world.acme), reason="Both"):
        open_to(Membership.objects.get(pk=world.connie.membership), world.orion)
    return world


def take_orion_back(world) -> None:
    with change(by=system(world.acme), reason="Lyra alone"):
        close_to(Membership.objects.get(pk=world.connie.membership), world.orion)


def test_what_was_made_for_both_partners_is_out_of_reach_of_who_sees_one(connie_of_both, client):
    sign_in(client, connie_of_both.connie)
    page = ask(client)
    work(connie_of_both.acme)
    assert "Orion Fill" in str(rows_of(client, page))
    take_orion_back(connie_of_both)
    assert client.get(page).status_code == 200
    assert client.get(f"{page}file/").status_code == 404


def test_a_file_is_not_made_for_who_sees_less_by_then(connie_of_both, client):
    sign_in(client, connie_of_both.connie)
    ask(client)
    take_orion_back(connie_of_both)
    work(connie_of_both.acme)
    failed = only(connie_of_both.connie)
    assert (failed.status, failed.rows, failed.size) == ("FAILED", 0, 0)
    assert failed.problem == "Your access to this sponsor has ended or changed, so the file was not made."


def test_a_job_that_breaks_says_so_and_leaves_no_file(world, client, monkeypatch, room):
    def broken(*args, **options):
        options["rows"].__iter__()
        connection.cursor().execute("SELECT 1/0")

    monkeypatch.setattr(exports, "write_table", broken)
    sign_in(client, world.nina)
    page = ask(client)
    work(world.acme)
    assert only(world.nina).status == "FAILED"
    assert "Failed Something went wrong on our side" in words(client.get(page))
    assert list(room.rglob("*.*")) == []


def test_delivered_twice_it_is_made_once(world, client, room):
    sign_in(client, world.nina)
    page = ask(client)
    work(world.acme)
    first = client.get(f"{page}file/").content
    put_on_file(world.nina, name="Later")
    event = type("Again", (), {"record_id": only(world.nina).pk, "request": ""})
    with scope(system(world.acme)) as actor:
        exports.make(event, actor)
    assert client.get(f"{page}file/").content == first
    (file,) = room.rglob("*.csv")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_somebody_altered_is_not_handed_out(world, client, room):
    sign_in(client, world.nina)
    page = ask(client)
    work(world.acme)
    (file,) = room.rglob("*.csv")
    file.write_text("forged")
    answer = client.get(f"{page}file/")
    assert answer.status_code == 410
    assert b"forged" not in answer.content


def test_files_are_thrown_away_after_seven_days(world, client, room):
    sign_in(client, world.nina)
    page = ask(client)
    work(world.acme)
    with scope(world.nina):
        raw("UPDATE records_export SET expires_at = now() - interval '1 second'")
    assert client.get(f"{page}file/").status_code == 410
    assert "Thrown away" in words(client.get(page))
    ask(client)
    work(world.acme)
    assert len(list(room.rglob("*.csv"))) == 1


@pytest.mark.requirement("ASVS-11.1.3")
def test_five_at_a_time_and_then_a_sentence(world, client):
    sign_in(client, world.nina)
    for _ in range(5):
        ask(client)
    refused = client.post("/acme/cdmos/export/", {"view": "", "format": "CSV"})
    assert refused.status_code == 409
    assert "5 of your files are still being made. Wait for one of them." in words(refused)


def test_no_more_rows_than_a_file_takes(world, client, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 10)
    put_many_on_file(world.nina, [f"Partner {number:02}" for number in range(20)])
    sign_in(client, world.nina)
    page = ask(client, "q=Partner")
    work(world.acme)
    rows = below(rows_of(client, page))
    assert [row[2] for row in rows[1:]] == [f"Partner {number:02}" for number in range(10)]
    assert "Rows 10; there were more" in words(client.get(page))


@pytest.mark.requirement("P11-10b", "A11-9-read")
def test_the_trail_is_exported_field_by_field(world, client):
    change_it(world.omar, world.lyra.pk, "New owner", legal_name="Lyra AG", country="DE")
    sign_in(client, world.nina)
    page = ask(client, "reason=new+owner", kind="audit-trail")
    work(world.acme)
    rows = rows_of(client, page)
    assert ["Reason contains", "new owner"] in rows
    head, *lines = below(rows)
    told = [dict(zip(head, line, strict=True)) for line in lines]
    assert [(one["Who"], one["Field"], one["From"], one["To"], one["Reason"]) for one in told] == [
        ("Omar Haddad", "Legal name", "", "Lyra AG", "New owner"),
        ("Omar Haddad", "Country", "Switzerland", "Germany", "New owner"),
    ]
