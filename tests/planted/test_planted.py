"""Planted authorization faults: of all of them, the suite kills at least 98 in 100; who survives is named."""

import json
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests.full import FULL

from .faults import FAULTS

GOAL = 0.98
ROOT = Path(__file__).parents[2]
# Of each sort two, each killed by a test that takes a second: what an ordinary run can afford.
SAMPLE = (
    "a sponsor reads every sponsor's rows",
    "an export is taken by another",
    "a role does anything with records",
    "a revoked key opens",
    "who accepted closes",
    "a move is made from any state",
    "a partner reads every field",
    "a draft keeps whatever was sent",
)


def test_every_fault_finds_its_place_and_leaves_none(db: None) -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60
    assert set(SAMPLE) <= {fault.name for fault in FAULTS}
    trouble = []
    for fault in FAULTS:
        try:
            for _ in range(2):  # the second time it stands there again
                with fault.plant():
                    pass
        except Exception as error:
            trouble.append(f"{fault.name}: {type(error).__name__}: {error}")
    assert not trouble, "\n".join(trouble)


def test_the_suite_kills_what_is_planted(django_db_setup: None, tmp_path: Path) -> None:
    """In a process of its own, on the same database, which nobody else uses meanwhile."""
    chosen = [fault for fault in FAULTS if FULL or fault.name in SAMPLE]
    verdicts, database = tmp_path / "verdicts", str(connection.settings_dict["NAME"])
    connection.close()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.planted.rounds",
        "--reuse-db",
    ]
    command += ["--verdicts", str(verdicts), "--database", database]
    command += ["--plant", ";".join(fault.name for fault in chosen), *_places(chosen)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3 * 3600)
    told = [json.loads(line) for line in verdicts.read_text().splitlines()] if verdicts.exists() else []
    assert len(told) == len(chosen), done.stdout[-4000:] + done.stderr[-2000:]
    for each in told:
        how = f"killed by {each['killed_by']}" if each["killed_by"] else f"SURVIVES: {each['said']}"
        print(f"{each['sort']:>10}  {each['seconds']:6.1f} s  {each['name']}: {how}")
    killed = sum(bool(each["killed_by"]) for each in told)
    print(f"S4: {killed} of {len(told)} planted faults are killed ({killed / len(told):.1%})")
    survivors = [each["name"] for each in told if not each["killed_by"]]
    assert killed >= GOAL * len(told), survivors


def _places(chosen: list) -> list[str]:
    """The files and folders of the tests that are near; all together, the battery asks every one of them."""
    if FULL:
        return ["tests", "--battery", *(f"--ignore=tests/{folder}" for folder in SLOW)]
    near = {name.partition("::")[0].partition(" @ ")[0] for fault in chosen for name in fault.near}
    return sorted(place for place in near if (ROOT / place).exists())


SLOW = ("planted", "faults", "journeys", "runtime", "components", "support")
