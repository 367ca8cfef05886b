"""What is taken and what is refused, by content and not by name."""

from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from oversight.kernel.access.scope import scope
from oversight.kernel.files.attaching import attach, files_of
from oversight.kernel.files.contents import recognise
from oversight.kernel.files.models import Attachment
from oversight.kernel.files.names import tidy
from tests.cast import World

from .samples import PDF, REFUSED, TAKEN


@pytest.mark.requirement("ASVS-12.2.1")
@pytest.mark.parametrize(("name", "content", "content_type"), TAKEN, ids=[name for name, *_ in TAKEN])
def test_what_the_house_takes(name: str, content: bytes, content_type: str) -> None:
    assert recognise(name, content).content_type == content_type


@pytest.mark.requirement("ASVS-12.2.1")
@pytest.mark.parametrize(("name", "content", "sentence"), REFUSED, ids=[repr(name) for name, *_ in REFUSED])
def test_what_the_house_refuses(store, world: World, name: str, content: bytes, sentence: str) -> None:
    with scope(world.nina), pytest.raises(ValidationError) as refusal:
        attach(world.lyra, upload=_sent(name, content), by=world.nina, shared=False)
    assert list(refusal.value.message_dict) == ["file"]
    assert sentence in refusal.value.messages[0]
    with scope(world.nina):
        assert not Attachment.objects.exists()
    assert [path for path in store.rglob("*") if path.is_file()] == []


@pytest.mark.requirement("ASVS-12.3.1")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\paul\\trend.csv", "trend.csv"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("photo\u202egpj.pdf", "photogpj.pdf"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ('say "x" <y>|z?.pdf', "say _x_ _y__z_.pdf"),
        ("  .hidden.pdf. ", "hidden.pdf"),
        (".pdf", "pdf"),
        ("", "file"),
        ("Gro\u0308ße.pdf", "Größe.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 176 + ".pdf"),
        ("ß" * 300 + ".pdf", "ß" * 88 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_path_and_without_what_nobody_sees(sent: str, kept: str) -> None:
    assert tidy(sent) == kept


def test_what_is_kept_of_a_file(store, world: World) -> None:
    with scope(world.paul):
        row = attach(
            world.lyra, upload=_sent("../Batch record.pdf", PDF), by=world.paul, shared=False, label="because_3"
        )
        (seen,) = files_of(world.lyra, world.paul)
    assert (row.name, row.size, row.content_type, row.label) == ("Batch record.pdf", 69, "application/pdf", "because_3")
    assert (row.kind, row.record_id, row.cdmo_id) == ("cdmos_cdmo", world.lyra.pk, world.lyra.pk)
    assert (row.author_name, row.author_org, row.from_partner, row.shared) == (
        "Paul Keller", "Lyra Biologics AG", True, True,
    )  # fmt: skip
    assert (row.scan, row.status) == ("NOT_SCANNED", "ACTIVE")
    assert row.sha256 == sha256(PDF).hexdigest()
    assert (seen.format, seen.size, seen.fingerprint) == ("PDF", "69 bytes", row.sha256[:12])
    place = store / str(world.acme.pk) / row.sha256[:2] / row.sha256
    assert place.read_bytes() == PDF
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [path for path in store.rglob("*") if path.is_file()] == [place]


def _sent(name: str, content: bytes) -> SimpleUploadedFile:
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # as an integration may send it, past what Django itself cuts off
    return upload
