"""What we build on is pinned, accounted for, licensed as we say, and in no version that is known to be bad."""

import tomllib
import warnings
from datetime import UTC, date, datetime

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from oversight.runtime.processes import ROOT

from .licences import families, installed, stated
from .locks import affected, findings, overdue, read

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN_TIME, DEVELOPMENT = PROJECT["dependencies"], PROJECT["optional-dependencies"]["dev"]
LOCK, DEV_LOCK = ((ROOT / f"requirements{more}.lock").read_text() for more in ("", "-dev"))
ADVISORIES = tomllib.loads((ROOT / "docs" / "advisories.toml").read_text())
STATED = stated((ROOT / "docs" / "decisions.md").read_text().partition("## Dependencies")[2])
LICENSED = {"MIT", "BSD", "Apache", "PSF", "MPL", "LGPL"}
UNCLEAR = {"python-dateutil": {"Apache", "BSD"}}  # "Dual License" and two classifiers
GOOD = f"one==1.5 \\\n    --hash=sha256:{'a' * 64}\n    # via oversight (pyproject.toml)\n"


def named(lines: list[str]) -> list[str]:
    return [canonicalize_name(Requirement(line).name) for line in lines]


@pytest.mark.parametrize(
    ("lock", "wanted"), [(LOCK, RUN_TIME), (DEV_LOCK, RUN_TIME + DEVELOPMENT)], ids=["run time", "development"]
)
def test_each_lock_is_what_the_project_asks_for_pinned_by_hash(lock: str, wanted: list[str]) -> None:
    assert findings(lock, wanted) == []
    assert len(read(lock)[0]) > len(wanted)


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ("", "not locked: one"),
        ("one==1.5\n    # via oversight (pyproject.toml)\n", "no hash: one"),
        (GOOD.replace("1.5", "2.0"), "out of range: one 2.0, ~=1.4 is asked for"),
        (GOOD.replace("oversight (pyproject.toml)", "two"), "nobody asks for it: one"),
        (GOOD + GOOD.replace("one", "two").replace("oversight (pyproject.toml)", "three"), "nobody asks for it: two"),
        (GOOD + GOOD.replace("one", "two"), "the lock and pyproject.toml disagree on who asks for two"),
        (
            "--index-url https://example.com/\n" + GOOD,
            "not pinned by version and hash: --index-url https://example.com/",
        ),
        (
            GOOD + "two @ git+https://example.com/two\n",
            "not pinned by version and hash: two @ git+https://example.com/two",
        ),
    ],
)
def test_a_lock_that_is_not_says_why(lock: str, said: str) -> None:
    assert findings(GOOD, ["one~=1.4"]) == []
    assert said in findings(lock, ["one~=1.4"])


def test_what_runs_is_what_is_tested() -> None:
    tested = {(pin.name, pin.version) for pin in read(DEV_LOCK)[0]}
    assert {(pin.name, pin.version) for pin in read(LOCK)[0]} - tested == set()
    here = {name for name, _ in tested if installed(name) is not None}
    assert len(here) > 90, "licences below are read of what is installed"


def test_each_direct_dependency_has_its_words_and_its_licence() -> None:
    asked = named(RUN_TIME + DEVELOPMENT)
    assert [name for name in asked if name not in STATED] == []
    other = {name: (STATED[name], told) for name in asked if (told := installed(name)) and not told & STATED[name]}
    assert other == {}, "said in docs/decisions.md, and by the package itself"


def test_nothing_at_run_time_binds_us_to_give_the_source_away() -> None:
    bound = {}
    for pin in read(LOCK)[0]:
        told = installed(pin.name)
        if told is not None and not (told | UNCLEAR.get(pin.name, set())) & LICENSED:
            bound[pin.name] = told
        if told and told & {"GPL", "AGPL"}:
            bound[pin.name] = told
    assert bound == {}
    assert {pin.name for pin in read(LOCK)[0] if "LGPL" in (installed(pin.name) or ())} == {"fpdf2", "psycopg2-binary"}


def test_licences_are_told_apart() -> None:
    assert families("GPL-3.0-only") == {"GPL"} and families("AGPL-3.0") == {"AGPL"} and families("LGPL-3.0") == {"LGPL"}
    assert families("License :: OSI Approved :: GNU General Public License v3") == {"GPL"}
    assert stated("**a[x]** (who, BSD) and **b**, **c** (MIT): what") == {"a": {"BSD"}, "b": {"MIT"}, "c": {"MIT"}}


def test_no_locked_version_is_known_to_be_bad() -> None:
    pins = [*read(LOCK)[0], *read(DEV_LOCK)[0]]
    assert affected(pins, ADVISORIES["advisory"]) == []
    direct = {"django", "django-allauth", "djangorestframework", "cryptography", "gunicorn", "celery"}
    assert {each["package"] for each in ADVISORIES["advisory"]} >= direct
    assert {each["package"] for each in ADVISORIES["advisory"]} <= {pin.name for pin in pins}, "of what is locked"
    assert all(each["read"] <= ADVISORIES["reviewed"] for each in ADVISORIES["advisory"] if "read" in each)
    if late := overdue(ADVISORIES["reviewed"], datetime.now(UTC).date()):
        warnings.warn(late, stacklevel=1)


def test_a_bad_version_and_an_old_review_are_found() -> None:
    (pin,) = read(GOOD.replace("one", "Django").replace("1.5", "5.2.15"))[0]
    assert affected([pin], ADVISORIES["advisory"]) == ["django 5.2.15: CVE-2026-48588", "django 5.2.15: CVE-2026-53877"]
    assert overdue(date(2026, 1, 1), date(2026, 6, 30)) == ""
    assert overdue(date(2026, 1, 1), date(2026, 7, 1)) == (
        "docs/advisories.toml was read 181 days ago: read it anew and set `reviewed`."
    )
