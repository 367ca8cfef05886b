"""A disk that takes no more: the upload is refused in words, and nothing of it stays."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.files.models import Attachment
from oversight.kernel.files.store import NO_ROOM
from techtransfer.models import PlanImport
from tests.cast import World, raw, sign_in
from tests.exchange.bringing import CHAIN, table
from tests.factories.programme import plan
from tests.notifications.telling import deliver_all
from tests.web.reading import words

from .whole import assert_whole

ROOM = 150_000  # bytes that the system lets this process write into one file, from here on


@contextmanager
def full_disk() -> Iterator[None]:
    """The operating system itself refuses to write past `ROOM`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.fixture
def store(settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT, settings.SEAL_LOG = tmp_path / "files", str(tmp_path / "seals.log")
    return settings.FILES_ROOT


def test_an_attachment_that_does_not_fit_is_refused_and_leaves_nothing(
    lasting_world: World, client: Client, store: Path
) -> None:
    world = lasting_world
    sign_in(client, world.nina)
    here = f"/acme/cdmos/{world.lyra.pk}/files/"
    letter = b"What they wrote. " * 10_000
    with full_disk():
        answer = client.post(here, {"file": SimpleUploadedFile("letter.txt", letter)})
    assert (answer.status_code, NO_ROOM in words(answer)) == (409, True)
    assert files(store) == []
    with scope(world.nina):
        assert not Attachment.objects.exists()
        assert raw("SELECT count(*) FROM files_historicalattachment") == [(0,)]
    assert client.post(here, {"file": SimpleUploadedFile("letter.txt", letter)}).status_code == 302
    assert [path.stat().st_size for path in files(store)] == [len(letter)]
    deliver_all(world)
    assert_whole(world, [world.lyra])


def test_a_plan_that_does_not_fit_is_refused_and_leaves_nothing(
    lasting_world: World, client: Client, store: Path
) -> None:
    world = lasting_world
    programme = plan(world.omar)
    sign_in(client, world.omar)
    here = f"/acme/programmes/{programme.pk}/imports/"
    long = table(*CHAIN) + b"\r\n" * (ROOM // 2 + 1000)
    with full_disk():
        answer = client.post(here, {"file": SimpleUploadedFile("march.csv", long)})
    assert (answer.status_code, NO_ROOM in words(answer)) == (409, True)
    assert files(store) == []
    with scope(world.omar):
        assert not PlanImport.objects.exists()
    deliver_all(world)
    assert_whole(world, [programme])
