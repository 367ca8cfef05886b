"""The pages of files: taken, given out to be saved, withdrawn; out of sight is 404, refused is said in words."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.models import SecurityEvent
from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import acting_as
from oversight.kernel.files.attaching import attach
from oversight.kernel.files.models import Attachment
from oversight.kernel.trail.change import change
from oversight.roles import Role
from techtransfer.records import EARLY_WARNING
from tests.cast import World, join, person, sign_in, system
from tests.factories import specimen_of
from tests.web.reading import link, words

from .samples import CSV, PDF, TEXT
from .test_files import put

pytestmark = pytest.mark.django_db


def here(world: World, door: str = "/acme/") -> str:
    return f"{door}cdmos/{world.lyra.pk}/files/"


def send(client: Client, path: str, name: str = "Report.pdf", content: bytes = PDF, **typed: str) -> HttpResponse:
    return client.post(path, {"file": SimpleUploadedFile(name, content), **typed})


def names(world: World) -> list[str]:
    with scope(world.nina):
        return list(Attachment.objects.order_by("id").values_list("name", flat=True))


def said(response: HttpResponse, field: str = "files-file") -> str:
    found = re.search(rf'id="{field}_error">.*?<span>(.*?)</span>', response.content.decode(), re.S)
    return found[1] if found else ""


@pytest.mark.requirement("ASVS-12.4.1", "ASVS-12.5.2", "ASVS-14.4.4")
def test_a_file_is_attached_listed_and_given_out_to_be_saved(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    answer = send(client, here(world), "Größe – Report.pdf", audience="shared", label="because_3")
    assert (answer.status_code, answer["Location"]) == (302, f"/acme/cdmos/{world.lyra.pk}/#files")
    page = client.get(here(world))
    where = link(page, "Größe – Report.pdf")
    for piece in ("Shared with Lyra Biologics", "PDF", "69 bytes", "Nina Berg, Acme Therapeutics", "Not scanned"):
        assert piece in words(page)
    answer = client.get(where)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert {name: answer[name] for name in (
        "Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control",
        "Content-Length", "X-Frame-Options", "Cross-Origin-Resource-Policy",
    )} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%20%E2%80%93%20Report.pdf",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Length": "69",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip


def test_what_no_partner_reads_has_no_shared_file(world: World, client: Client) -> None:
    """An early warning is of a partner, and not told to it."""
    warning = specimen_of(EARLY_WARNING).own(world)
    sign_in(client, world.nina)
    assert send(client, f"/acme/warnings/{warning.pk}/files/", audience="shared").status_code == 302
    with scope(world.nina):
        assert [file.shared for file in Attachment.objects.filter(cdmo_id=world.lyra.pk)] == [False]


def test_internal_is_what_a_file_is_unless_somebody_says_shared(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    send(client, here(world), "trend.csv", CSV)
    send(client, here(world), "notes.txt", TEXT, audience="nonsense")
    page = client.get(here(world))
    assert words(page).count("Internal to Acme Therapeutics") == 3  # two files, and the choice
    sign_in(client, world.paul)
    assert "trend.csv" not in words(client.get(here(world, "/portal/acme/")))


def test_a_refused_file_is_refused_on_the_page_in_words(world: World, client: Client, settings) -> None:
    sign_in(client, world.nina)
    answer = send(client, here(world), "drawing.svg", b"<svg/>", audience="shared", label="because_1")
    assert answer.status_code == 422
    assert said(answer).startswith("Files that end in .svg are not accepted. Accepted are PDF, PNG,")
    assert b'value="shared" id="files-shared" checked' in answer.content
    assert b'name="label" value="because_1"' in answer.content
    assert said(client.post(here(world))) == "Choose a file."
    two = {"file": [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)]}
    assert said(client.post(here(world), two)) == "Attach one file at a time."
    assert names(world) == []


@pytest.mark.requirement("ASVS-12.1.1")
def test_what_is_too_large_is_let_go_on_its_way_in(store, world: World, client: Client, settings, tmp_path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # every upload goes by way of the disk
    settings.FILES_MAX_BYTES = 1024 * 1024
    sign_in(client, world.nina)
    answer = send(client, here(world), "big.txt", b"x" * (1024 * 1024 + 1), audience="shared")
    assert (answer.status_code, said(answer)) == (422, "The file is too large: 1 MB is the most that a file may have.")
    assert b'value="shared" id="files-shared" checked' in answer.content
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [] and names(world) == []
    assert send(client, here(world), "fits.txt", b"x" * (1024 * 1024)).status_code == 302


def test_who_may_not_attach_is_refused_and_reads_all_the_same(world: World, client: Client) -> None:
    row = put(world.nina, world.lyra, shared=True)
    with change(by=system(world.acme), reason="Joined"):
        ines = join(world.acme, person("Ines Spector"), Role.INSPECTOR, "EMA")
        carl = join(world.acme, person("Carl Vogt"), Role.CDMO_VIEWER, "Lyra Biologics AG", world.lyra)
    for actor, door in ((world.vera, "/acme/"), (ines, "/acme/"), (carl, "/portal/acme/")):
        sign_in(client, actor)
        path = here(world, door)
        assert send(client, path, "more.pdf").status_code == 403, actor.name
        assert client.post(f"{path}{row.pk}/withdraw/", {"reason": "Why not"}).status_code == 403
        page = client.get(path)
        assert page.status_code == 200 and b'<form class="composer"' not in page.content
        assert b"Withdraw the file" not in page.content
        assert client.get(f"{path}{row.pk}/").content == PDF
        client.post("/accounts/logout/")
    assert names(world) == ["Report.pdf"]


def test_out_of_sight_never_was(world: World, client: Client) -> None:
    internal, shared = put(world.nina, world.lyra, "internal.pdf"), put(world.nina, world.lyra, "s.pdf", shared=True)
    orion, never = put(world.nina, world.orion, "o.pdf", shared=True), 999_999_999
    wrong = {
        "paul": [f"/portal/acme/cdmos/{world.lyra.pk}/files/{key}/" for key in (internal.pk, orion.pk, never)],
        "olga": [f"/portal/acme/cdmos/{world.lyra.pk}/files/{key}/" for key in (shared.pk, never)]
        + [f"/portal/acme/cdmos/{world.orion.pk}/files/{shared.pk}/", here(world, "/portal/acme/")],
        "petra": [f"/portal/rival/cdmos/{world.foreign.pk}/files/{shared.pk}/", here(world, "/portal/rival/")],
        "riva": [f"/rival/cdmos/{world.foreign.pk}/files/{shared.pk}/", here(world, "/rival/"), here(world)],
        "connie": [f"/acme/cdmos/{world.orion.pk}/files/{orion.pk}/"],
        "nina": [
            f"/acme/cdmos/{world.orion.pk}/files/{shared.pk}/",  # of another record than the one in the address
            f"/acme/sites/{world.lyra_site.pk}/files/{shared.pk}/",
            f"/acme/cdmos/{world.lyra.pk}/files/{never}/",
        ],
    }  # fmt: skip
    for name, paths in wrong.items():
        sign_in(client, getattr(world, name))
        nowhere = client.get("/nobody/at/all/")
        for path in paths:
            answer = client.get(path)
            assert (name, path, answer.status_code, answer.content) == (name, path, 404, nowhere.content)
            target = path if path.endswith("files/") else f"{path}withdraw/"
            refused = send(client, target) if path.endswith("files/") else client.post(target, {"reason": "Mine now"})
            assert (refused.status_code, refused.content) == (404, nowhere.content)
        client.post("/accounts/logout/")
    with scope(world.nina):
        assert set(Attachment.objects.values_list("name", "status")) == {
            ("internal.pdf", "ACTIVE"), ("s.pdf", "ACTIVE"), ("o.pdf", "ACTIVE"),
        }  # fmt: skip


def test_paul_attaches_reads_and_takes_back_in_the_portal(world: World, client: Client) -> None:
    sign_in(client, world.paul)
    path = here(world, "/portal/acme/")
    assert b'name="audience"' not in client.get(path).content
    assert send(client, path, "Feed log.csv", CSV, audience="internal").status_code == 302
    page = client.get(path)
    assert "Shared with Acme Therapeutics: both of you see it." in words(page)
    row = link(page, "Feed log.csv")
    assert client.get(row).content == CSV
    empty = client.post(f"{row}withdraw/", {"reason": " "})
    assert empty.status_code == 422
    assert said(empty, f"why-{row.split('/')[-2]}") == "Say why. The reason is kept in the history."
    assert client.post(f"{row}withdraw/", {"reason": "Superseded by version 2"}).status_code == 302
    page = client.get(path)
    assert link(page, "Feed log.csv") is None
    assert "Withdrawn by Paul Keller" in words(page) and "Superseded by version 2" in words(page)
    assert client.get(row).status_code == 404
    assert client.post(f"{row}withdraw/", {"reason": "Again"}).status_code == 409


@pytest.mark.requirement("ASVS-13.2.1")
def test_only_the_methods_that_mean_something_are_answered(world: World, client: Client) -> None:
    row = put(world.nina, world.lyra)
    sign_in(client, world.nina)
    path = here(world)
    assert client.put(path).status_code == client.delete(path).status_code == 405
    assert client.post(f"{path}{row.pk}/").status_code == client.get(f"{path}{row.pk}/withdraw/").status_code == 405


def test_altered_bytes_are_a_fault_of_ours_and_not_given_out(store, world: World, client: Client, caplog) -> None:
    row = put(world.nina, world.lyra)
    (place,) = [path for path in store.rglob("*") if path.is_file()]
    place.write_bytes(b"%PDF-forged")
    sign_in(client, world.nina)
    client.raise_request_exception = False
    answer = client.get(f"{here(world)}{row.pk}/")
    assert answer.status_code == 500 and b"forged" not in answer.content
    assert "is gone or altered" in caplog.text


@pytest.mark.requirement("ASVS-8.3.5")
def test_each_download_stands_in_the_security_log(lasting_world: World, client: Client) -> None:
    world = lasting_world
    row = put(world.nina, world.lyra, shared=True)
    hidden = put(world.nina, world.lyra, "internal.pdf")
    sign_in(client, world.paul)
    path = here(world, "/portal/acme/")
    assert client.get(f"{path}{row.pk}/").status_code == 200
    assert client.get(f"{path}{hidden.pk}/").status_code == 404
    with acting_as("auditor"):
        events = SecurityEvent.objects.filter(tenant_id=world.acme.pk).order_by("id")
        assert list(events.values_list("kind", "user_id", "tenant_id", "path", "status")) == [
            ("DOWNLOADED", world.paul.user, world.acme.pk, f"{path}{row.pk}/", 200),
            ("DENIED", world.paul.user, world.acme.pk, f"{path}{hidden.pk}/", 404),
        ]


@pytest.mark.requirement("ASVS-12.3.1")
def test_a_name_is_shown_as_text_and_never_breaks_a_header(world: World, client: Client) -> None:
    put(world.nina, world.lyra, 'x" onload=alert(1) <img src=x>\r\nX-Evil: 1.pdf')
    sign_in(client, world.nina)
    page = client.get(here(world)).content.decode()
    assert "<img" not in page
    where = re.search(r'href="([^"]*files/\d+/)"', page)[1]
    answer = client.get(where)
    assert "X-Evil" not in answer and answer["Content-Disposition"].startswith("attachment; filename=")


def test_the_page_costs_the_same_however_many_files_there_are(world: World, client: Client) -> None:
    sign_in(client, world.nina)

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(here(world)).status_code == 200
        return len(asked)

    put(world.nina, world.lyra, "first.pdf")
    statements()  # the first page of all also fills caches
    before = statements()
    for number in range(12):
        with scope(world.nina):
            upload = SimpleUploadedFile(f"{number}.pdf", PDF)
            attach(world.lyra, upload=upload, by=world.nina, shared=bool(number % 2))
    assert statements() == before


def test_a_record_that_is_over_keeps_its_files_as_they_were(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    assert send(client, here(world), "Evidence.pdf").status_code == 302
    withdraw = re.search(r'action="([^"]+/withdraw/)"', client.get(here(world)).content.decode())
    assert withdraw
    with change(by=system(world.acme), reason="Put there by the test"):
        type(world.lyra).objects.filter(pk=world.lyra.pk).update(status="VOID")
    page = client.get(here(world)).content.decode()
    assert "Attach a file" not in page and "Withdraw" not in page
    refused = send(client, here(world), "Later.pdf")
    assert refused.status_code == 409
    assert client.post(withdraw[1], {"reason": "Away with it"}).status_code == 409
    with scope(world.nina):
        assert list(Attachment.objects.values_list("name", "status")) == [("Evidence.pdf", "ACTIVE")]
