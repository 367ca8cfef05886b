"""The commands of docs/operations.md under Backup and Restore, run as they stand there, line by line."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from oversight.kernel.files.attaching import attach
from oversight.kernel.trail.change import change
from oversight.runtime.place import ROLES
from oversight.runtime.postgres import Postgres
from oversight.runtime.processes import ROOT
from tests.cast import World, seal_now
from tests.kernel.trail.test_restore import _hashes

PAGE = (ROOT / "docs" / "operations.md").read_text()
LOST = "block 2 was published and is missing"


def commands(section: str) -> list[list[str]]:
    """The lines of each block of code below that heading, without their remarks."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    return [[line.split("  #")[0].rstrip() for line in block.splitlines()] for block in blocks]


class Person:
    """Somebody at a shell, with the page in front of them."""

    def __init__(self, here: Path, programs: Path, environment: dict[str, str]) -> None:
        self.here = here
        self.environment = os.environ | environment
        self.environment["PATH"] = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"

    def types(self, line: str, *, code: int = 0) -> str:
        done = subprocess.run(
            ["sh", "-c", line], cwd=self.here, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
        )  # fmt: skip
        assert done.returncode == code, f"{line}\n{done.stdout}"
        return done.stdout


@pytest.mark.requirement("A11-7-2", "A11D-backup")
def test_a_person_restores_by_what_the_page_says(lasting_world: World, settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    old, new, log = tmp_path / "old", tmp_path / "new", tmp_path / "seals.log"
    settings.FILES_ROOT, settings.SEAL_LOG = old / "files", str(log)
    seal_now()
    with scope(lasting_world.nina):
        upload = SimpleUploadedFile("letter.txt", b"What they wrote")
        letter = attach(lasting_world.lyra, upload=upload, by=lasting_world.nina, shared=False)
    name = connection.settings_dict["NAME"]
    here = urlsplit(os.environ["BACKUP_URL"])._replace(path=f"/{name}").geturl()
    (dump,), (restore, accept) = commands("Backup"), commands("Restore")
    rows = _hashes(os.environ["SUPERUSER_URL"], name)
    passwords = {role: secrets.token_hex(16) for role in (*ROLES, "postgres")}
    with Postgres(tmp_path / "postgres", password=passwords["postgres"], fast=True) as server:
        there = {f"{role.upper()}_URL": server.url(role, passwords[role], "oversight") for role in ROLES}
        there["DATABASE_URL"] = there.pop("APP_URL")
        there |= {"SUPERUSER_URL": server.superuser_url, "SEAL_LOG": str(log), "DATA_DIR": str(new)}
        place = tmp_path / "shell"
        place.mkdir()
        (place / "manage.py").symlink_to(ROOT / "manage.py")
        before = Person(place, server.bin, {"BACKUP_URL": here, "DATA_DIR": str(old)})
        after = Person(place, server.bin, there)
        for line in dump:
            before.types(line)
        with change(by=lasting_world.nina, reason="After the dump"):
            CDMO.objects.filter(pk=lasting_world.lyra.pk).update(notes="Lost with the old cluster")
        assert seal_now() == 2
        shutil.rmtree(old)
        said = []
        for line in restore:
            if line.endswith("verify_trail"):
                assert LOST in after.types(line, code=1)
                assert _hashes(server.superuser_url, "oversight") == rows, "each row of each table, as it was dumped"
                said += [after.types(each) for each in accept]
            said.append(after.types(line))
    assert "1 block" in "".join(said) and "Full Name accepted" in "".join(said)
    (found,) = [path for path in (new / "files").rglob("*") if path.is_file()]
    assert sha256(found.read_bytes()).hexdigest() == letter.sha256
    assert [line.split()[:3] for line in restore if "manage.py" in line][-1] == ["python", "manage.py", "migrate"]
