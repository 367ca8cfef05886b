"""The house keeps its own rules: rooms, words, tables, documents."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from oversight.kernel.trail.audited import audited
from oversight.kernel.trail.rights import SYSTEM
from oversight.kernel.trail.walls import unrecorded
from oversight.roles import CAPABILITIES, Role

ROOT: Path = settings.ROOT
ENOUGH = 400  # lines; 250 is where to think of splitting


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def test_no_room_is_too_big() -> None:
    rooms = [path for path in tracked("*.py", "*.sql", "*.html") if not path.name.startswith("0001_")]
    assert len(rooms) > 100
    big = {str(p.relative_to(ROOT)): n for p in rooms if (n := len(p.read_text().splitlines())) > ENOUGH}
    assert big == {}


def test_no_room_is_named_after_nothing() -> None:
    assert [path.name for path in tracked("*.py") if path.stem in {"utils", "helpers", "misc", "common"}] == []


def test_every_model_is_audited_or_declared_a_system_table() -> None:
    audited_tables = {each.table for each in audited()} | {each.history for each in audited()}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    kept = {model._meta.db_table for model in unrecorded()}
    assert tables - audited_tables - kept - set(SYSTEM) == set()
    assert [model for model in unrecorded() if not model.RIGHTS] == []


def test_every_audited_model_of_a_sponsor_declares_its_shape() -> None:
    assert [each.table for each in audited() if each.shape is None] == ["access_user"]
    pairs = [each for each in audited() if each.shape and each.shape.value == "pair"]
    assert {each.cdmo_column for each in pairs if not getattr(each.model, "STAFF_WRITES", False)} <= {"id", "cdmo_id"}
    assert {each.cdmo_column for each in pairs if getattr(each.model, "STAFF_WRITES", False)} <= {None}


def test_no_migration_is_missing(db: None) -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert out.getvalue() == "No changes detected\n"


def test_every_capability_is_held_by_somebody_and_only_by_roles() -> None:
    assert [name for name, roles in CAPABILITIES.items() if not roles or not roles <= set(Role)] == []


def test_every_capability_asked_for_in_code_is_in_the_table() -> None:
    asked = set()
    for path in tracked("oversight/*.py", "cdmos/*.py", "templates/*"):
        asked |= set(re.findall(r"""\.can\(\s*["']([\w.]+)["']\)""", path.read_text()))
    assert asked and asked <= set(CAPABILITIES)


def test_the_generated_documents_are_fresh() -> None:
    from docs.generate import documents

    stale = [path for path, text in documents().items() if not path.exists() or path.read_text() != text]
    assert stale == [], f"{sys.executable} -m docs.generate"


@pytest.mark.parametrize("document", ["architecture", "decisions", "threat-model", "glossary", "adding-a-record-type"])
def test_the_documents_that_are_promised_exist_and_their_paths_are_true(document: str) -> None:
    text = (ROOT / "docs" / f"{document}.md").read_text()
    named = re.findall(r"`((?:oversight|cdmos|quality|tests|docs|bench|templates|static)/[\w./-]*)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_names_both_commands_and_true_paths() -> None:
    text = (ROOT / "README.md").read_text()
    assert "python3 dev.py up" in text and "python3 dev.py test" in text
    named = re.findall(r"^- `([\w./-]+)`", text, re.MULTILINE)
    assert len(named) >= 8 and [path for path in named if not (ROOT / path).exists()] == []
